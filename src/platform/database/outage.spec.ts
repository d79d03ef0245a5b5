import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { NoConnection, outageOf } from './outage';

const refused = (code: string): DatabaseError => Object.assign(new DatabaseError('refused', 0, 'error'), { code });
const system = (code: string): Error => Object.assign(new Error(code), { code });

describe('outageOf', () => {
  it.each(['57P03', '57014', '53300', '53100', '25006', '25P03', '55P03', '40P01'])(
    'takes %s for an outage that changed nothing',
    (code) => {
      expect(outageOf(refused(code))).toBe('not-run');
    },
  );

  it.each(['57P01', '57P02', '58030', '08006'])('takes %s for one that may have come after the commit', (code) => {
    expect(outageOf(refused(code))).toBe('unknown');
  });

  it.each(['23505', '42P01', '22001', 'P0001'])('takes %s for no outage', (code) => {
    expect(outageOf(refused(code))).toBeUndefined();
  });

  it('finds the error of pg inside that of TypeORM', () => {
    expect(outageOf(new QueryFailedError('SELECT 1', [], refused('25006')))).toBe('not-run');
    expect(outageOf(new QueryFailedError('SELECT 1', [], refused('42P01')))).toBeUndefined();
  });

  it('knows the errors of pg about its connections', () => {
    expect(outageOf(new NoConnection(new Error('whatever')))).toBe('not-run');
    expect(outageOf(new Error('Client has encountered a connection error and is not queryable'))).toBe('not-run');
    for (const lost of ['Connection terminated unexpectedly', 'Connection terminated', 'Query read timeout'])
      expect(outageOf(new Error(lost))).toBe('unknown');
    for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT']) expect(outageOf(system(code))).toBe('unknown');
  });

  it('takes every other error for no outage', () => {
    for (const thrown of [new TypeError('no'), system('ENOENT'), 'Connection terminated', undefined])
      expect(outageOf(thrown)).toBeUndefined();
  });
});
