import { availableParallelism } from 'node:os';
import { tooComplex } from '../reader/budget';
import { ThreadPool } from './pool';
import type { Operation, Task, TaskResult } from './task';
import { TaskAborted } from './thread';

const pool = new ThreadPool({
  threads: Math.min(4, availableParallelism()),
  timeLimitMs: 5_000,
  waitingBytes: 64 * 1024 * 1024,
  idleMs: 60_000,
});

/**
 * Runs a task in one of the server's few threads for documents.
 *
 * @throws PdfFault too-complex after 5 s
 * @throws PoolOverloaded when too many documents are waiting
 */
export async function runInThread<O extends Operation>(task: Task<O>): Promise<TaskResult<O>> {
  try {
    return await pool.run(task);
  } catch (error) {
    throw error instanceof TaskAborted ? tooComplex('reading it takes too long') : error;
  }
}
