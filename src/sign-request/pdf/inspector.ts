import { availableParallelism } from 'node:os';
import type { Inspection } from './inspection';
import type { SignLocation } from './pages/placement';
import { ThreadPool } from './worker/pool';
import { TaskAborted } from './worker/thread';

const pool = new ThreadPool({
  threads: Math.min(4, availableParallelism()),
  timeLimitMs: 5_000,
  waitingBytes: 64 * 1024 * 1024,
  idleMs: 60_000,
});

/**
 * Tells whether a document can be read strictly, and signed with a box at each of the locations. Runs in a thread of
 * its own; a document that takes longer than 5 s there is too complex.
 *
 * @throws PoolOverloaded when too many documents are waiting
 */
export async function inspectPdf(bytes: Buffer, locations: readonly SignLocation[]): Promise<Inspection> {
  try {
    return await pool.run({ kind: 'inspect', bytes, locations });
  } catch (error) {
    if (!(error instanceof TaskAborted)) throw error;
    return { ok: false, fault: 'too-complex', detail: 'The document is too complex: reading it takes too long.' };
  }
}
