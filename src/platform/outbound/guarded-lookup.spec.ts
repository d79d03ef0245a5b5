import { type LookupAddress, type LookupOptions } from 'node:dns';
import { promisify } from 'node:util';
import { guardedLookup } from './outbound-client';
import { OutboundRefused } from './outbound-target';

type Answer = string | LookupAddress[] | Error;

/** Asks a guarded lookup whose resolver gives these answers. */
function ask(answer: Answer) {
  const lookup = guardedLookup((_host, _options, respond) => {
    if (answer instanceof Error) respond(answer, []);
    else respond(null, answer, 4);
  });
  return promisify<string, LookupOptions, string | LookupAddress[]>(lookup)('rp.example.org', {});
}

describe('guardedLookup', () => {
  it('hands on a public address as it came', async () => {
    await expect(ask('1.1.1.1')).resolves.toBe('1.1.1.1');
    const several = [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ];
    await expect(ask(several)).resolves.toBe(several);
  });

  it('refuses a private address', async () => {
    await expect(ask('10.0.0.1')).rejects.toThrow(OutboundRefused);
  });

  it('refuses a name with one private address among public ones', async () => {
    const mixed = [
      { address: '1.1.1.1', family: 4 },
      { address: '::ffff:127.0.0.1', family: 6 },
    ];
    await expect(ask(mixed)).rejects.toThrow(OutboundRefused);
  });

  it('hands on the failure of the resolver', async () => {
    const failure = new Error('ENOTFOUND');
    await expect(ask(failure)).rejects.toBe(failure);
  });
});
