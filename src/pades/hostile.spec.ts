import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { compileReader } from '../../test/support/pdf/compiled-reader';
import { hostileDocuments } from '../../test/support/pdf/hostile-documents';
import { manyKinds } from '../../test/support/pdf/many-kinds';
import { writePdf } from '../../test/support/pdf/pdf-file';
import { documentOf } from '../../test/support/pdf/samples';
import { inspect } from './signable';

const run = promisify(execFile);
const here = { x: 0, y: 0, page: 1 };

const program = `
  const { readFileSync } = require('node:fs');
  const { inspect } = require(process.argv[1]);
  const bytes = readFileSync(process.argv[2]);
  const rssBefore = process.memoryUsage.rss();
  const before = process.cpuUsage();
  const result = inspect(bytes, [{ x: 0, y: 0, page: 1 }]);
  const { user, system } = process.cpuUsage(before);
  const mebibytes = (peakKibibytes() * 1024 - rssBefore) / 1024 / 1024;
  console.log(JSON.stringify({ result, cpuSeconds: (user + system) / 1e6, mebibytes }));

  // Linux counts the memory of the process that started this one into maxRSS; VmHWM is this one's alone.
  function peakKibibytes() {
    if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
    return Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  }
`;

let folder: string;
let reader: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  reader = compileReader(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** In a process of its own, so that its memory is its own as well. */
async function measure(bytes: Buffer) {
  const file = join(folder, 'hostile.pdf');
  await writeFile(file, bytes);
  const { stdout } = await run(process.execPath, ['-e', program, reader, file]);
  return JSON.parse(stdout) as { result: { ok: boolean; fault?: string }; cpuSeconds: number; mebibytes: number };
}

// CPU time, not the clock's: what else the machine does is not the document's doing. None of them needs a tenth of it.
const cpuLimitSeconds = 5;

describe('documents made to do harm', () => {
  it.each(hostileDocuments)('%s: %s, for little work and under 100 MB', async (_, fault, make) => {
    const { result, cpuSeconds, mebibytes } = await measure(make());
    expect(result).toMatchObject({ ok: false, fault });
    expect(cpuSeconds).toBeLessThan(cpuLimitSeconds);
    expect(mebibytes).toBeLessThan(100);
  });

  it('judges an honest document of 10 MB', async () => {
    const bytes = writePdf(documentOf(Array.from({ length: 36_000 }, () => ({}))));
    expect(bytes.length).toBeGreaterThan(9_500_000);
    const { result, cpuSeconds } = await measure(bytes);
    expect(result).toEqual({ ok: true, pages: 36_000 });
    expect(cpuSeconds).toBeLessThan(cpuLimitSeconds);
  });

  it('accepts or refuses each document that was damaged at random, and throws nothing else', () => {
    const byte = fc.tuple(fc.nat(), fc.constantFrom(...Array.from('0123456789/<>[]()R \0')));
    const cut = fc.tuple(fc.nat(), fc.nat(40));
    fc.assert(
      fc.property(
        fc.constantFrom(...manyKinds),
        fc.array(byte, { maxLength: 5 }),
        cut,
        ([, make], bytes, [at, length]) => {
          const whole = make();
          for (const [place, value] of bytes) whole.write(value, place % whole.length, 'latin1');
          const start = at % whole.length;
          const broken = Buffer.concat([whole.subarray(0, start), whole.subarray(start + length)]);
          expect(inspect(broken, [here])).toHaveProperty('ok');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
