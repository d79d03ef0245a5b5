import { once } from 'node:events';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Operation, Task, TaskResult } from './task';

/** The task was not finished in time or in memory, and its thread has been ended. */
export class TaskAborted extends Error {
  override readonly name = 'TaskAborted';
}

/** Heap only: what streams inflate to is bounded by the reader itself. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** A thread that has loaded its code and waits for tasks; it does not keep the process alive. */
export async function startThread(): Promise<Worker> {
  const source = extname(__filename);
  const execArgv = source === '.ts' ? ['-r', require.resolve('@swc-node/register')] : [];
  const thread = new Worker(join(__dirname, `entry${source}`), { execArgv, resourceLimits });
  await once(thread, 'message');
  thread.unref();
  return thread;
}

/** @throws TaskAborted @throws whatever the task threw; the thread is of no use after either */
export async function runTask<O extends Operation>(
  thread: Worker,
  task: Task<O>,
  timeLimitMs: number,
): Promise<TaskResult<O>> {
  thread.ref();
  const bytes = Uint8Array.from(task.bytes);
  thread.postMessage({ ...task, bytes }, [bytes.buffer]);
  try {
    const [result] = (await once(thread, 'message', { signal: AbortSignal.timeout(timeLimitMs) })) as [TaskResult<O>];
    thread.unref();
    return result;
  } catch (error) {
    await thread.terminate();
    throw isLimit(error) ? new TaskAborted('A document took too long or too much to read.', { cause: error }) : error;
  }
}

function isLimit(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ABORT_ERR' || code === 'ERR_WORKER_OUT_OF_MEMORY';
}
