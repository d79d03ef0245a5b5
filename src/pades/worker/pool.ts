import type { Worker } from 'node:worker_threads';
import type { Operation, Task, TaskResult } from './task';
import { runTask, startThread } from './thread';

/** More documents are waiting than memory is set aside for; it is worth trying again soon. */
export class PoolOverloaded extends Error {
  override readonly name = 'PoolOverloaded';
}

export interface PoolLimits {
  readonly threads: number;
  /** For one task, from the moment a thread takes it up. */
  readonly timeLimitMs: number;
  /** Bytes of all documents that wait for a thread. */
  readonly waitingBytes: number;
  /** After this long without work a thread is ended. */
  readonly idleMs: number;
}

/** Runs tasks in threads of their own, so that no document can hold up the server. */
export class ThreadPool {
  private readonly idle = new Map<Worker, NodeJS.Timeout>();
  private readonly waiting: (() => void)[] = [];
  private waitingBytes = 0;
  private running = 0;

  constructor(private readonly limits: PoolLimits) {}

  /** @throws PoolOverloaded @throws TaskAborted @throws whatever the task threw */
  async run<O extends Operation>(task: Task<O>): Promise<TaskResult<O>> {
    await this.enter(task.bytes.byteLength);
    try {
      const thread = this.takeIdle() ?? (await startThread());
      const result = await runTask(thread, task, this.limits.timeLimitMs);
      this.keep(thread);
      return result;
    } finally {
      this.leave();
    }
  }

  private async enter(bytes: number): Promise<void> {
    if (this.running < this.limits.threads) {
      this.running += 1;
      return;
    }
    if (this.waitingBytes + bytes > this.limits.waitingBytes)
      throw new PoolOverloaded('Too many documents are waiting.');
    this.waitingBytes += bytes;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.waitingBytes -= bytes;
  }

  /** Hands the place on to the one that has waited longest. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next();
  }

  private takeIdle(): Worker | undefined {
    for (const [thread, retirement] of this.idle) {
      clearTimeout(retirement);
      this.idle.delete(thread);
      return thread;
    }
    return undefined;
  }

  private keep(thread: Worker): void {
    const retire = () => {
      this.idle.delete(thread);
      void thread.terminate();
    };
    this.idle.set(thread, setTimeout(retire, this.limits.idleMs).unref());
  }
}
