import { writePdf } from '../../../test/support/pdf/pdf-file';
import { documentOf } from '../../../test/support/pdf/samples';
import { PoolOverloaded, ThreadPool } from './pool';
import type { Task } from './task';
import { TaskAborted } from './thread';

const limits = { threads: 1, timeLimitMs: 5_000, waitingBytes: 1_000_000, idleMs: 100 };
const task = (bytes: Buffer): Task<'inspect'> => ({ operation: 'inspect', bytes, parameters: [[]] });
const quick = task(writePdf(documentOf([{}])));
const slow = task(writePdf(documentOf(Array.from({ length: 100_000 }, () => ({})))));

describe('the pool of threads', () => {
  it('ends a thread that takes too long, and goes on with another', async () => {
    const pool = new ThreadPool({ ...limits, timeLimitMs: 40 });
    await expect(pool.run(slow)).rejects.toThrow(TaskAborted);
    await expect(pool.run(quick)).resolves.toEqual({ ok: true, pages: 1 });
  });

  it('hands on what a task throws', async () => {
    const pool = new ThreadPool(limits);
    await expect(pool.run({ ...quick, parameters: [null as unknown as []] })).rejects.toThrow(
      'Cannot read properties of null',
    );
    await expect(pool.run(quick)).resolves.toEqual({ ok: true, pages: 1 });
  });

  it('lets wait only what memory has been set aside for', async () => {
    const pool = new ThreadPool({ ...limits, waitingBytes: 1.5 * quick.bytes.length });
    const [running, waiting, refused] = [pool.run(quick), pool.run(quick), pool.run(quick)];
    await expect(refused).rejects.toThrow(PoolOverloaded);
    await expect(Promise.all([running, waiting])).resolves.toHaveLength(2);
    await expect(pool.run(quick)).resolves.toEqual({ ok: true, pages: 1 });
  });
});
