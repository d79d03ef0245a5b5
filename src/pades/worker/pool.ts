import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { tooComplex } from '../reader/budget';
import type { Operation, Task, TaskResult } from './entry';

/** The work could not be done in time, which says nothing of the document; the same call later may succeed. */
export class PdfBusy extends Error {
  override readonly name = 'PdfBusy';
}

interface PoolLimits {
  readonly threads: number;
  /** For one task, from the moment a thread takes it up. The last resort: the reader counts its own work. */
  readonly timeLimitMs: number;
  /** Bytes of all documents that wait for a thread; one owner's may take half of them. */
  readonly waitingBytes: number;
  /** After this long without work a thread is ended. */
  readonly idleMs: number;
}

/** Runs tasks in threads of their own, so that no document can hold up the server. */
export class ThreadPool {
  private readonly idle = new Map<Worker, NodeJS.Timeout>();
  private readonly queue = new FairQueue<() => void>();
  private readonly waitingBytes = new Map<string, number>();
  private running = 0;

  constructor(private readonly limits: PoolLimits) {}

  /**
   * @throws PdfBusy when too many documents are waiting, or the task took too long
   * @throws PdfFault too-complex when the task took too much memory
   * @throws whatever the task threw
   */
  async run<O extends Operation>(task: Task<O>, turn: Turn): Promise<TaskResult<O>> {
    await this.enter(task.bytes.byteLength, turn);
    try {
      const thread = this.takeIdle() ?? (await startThread());
      const result = await runTask(thread, task, this.limits.timeLimitMs);
      this.keep(thread);
      return result;
    } finally {
      this.leave();
    }
  }

  private async enter(bytes: number, turn: Turn): Promise<void> {
    if (this.running < this.limits.threads) {
      this.running += 1;
      return;
    }
    const own = this.waitingBytes.get(turn.owner) ?? 0;
    const all = [...this.waitingBytes.values()].reduce((sum, each) => sum + each, 0);
    if (all + bytes > this.limits.waitingBytes || (own > 0 && own + bytes > this.limits.waitingBytes / 2))
      throw new PdfBusy('Too many documents are waiting.');
    this.waitingBytes.set(turn.owner, own + bytes);
    await new Promise<void>((resolve) => {
      this.queue.add(turn, resolve);
    });
    const left = (this.waitingBytes.get(turn.owner) ?? 0) - bytes;
    if (left > 0) this.waitingBytes.set(turn.owner, left);
    else this.waitingBytes.delete(turn.owner);
  }

  /** Hands the thread's place on. */
  private leave(): void {
    const next = this.queue.take();
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

/** Heap only: what streams inflate to is bounded by the reader itself. */
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/** A thread that has loaded its code and waits for tasks; it does not keep the process alive. */
async function startThread(): Promise<Worker> {
  const source = extname(__filename);
  const execArgv = source === '.ts' ? ['-r', require.resolve('@swc-node/register')] : [];
  const thread = new Worker(join(__dirname, `entry${source}`), { execArgv, resourceLimits });
  await once(thread, 'message');
  thread.unref();
  return thread;
}

/** The thread is of no use after an error. */
async function runTask<O extends Operation>(
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
    throw meaningOf(error);
  }
}

function meaningOf(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ABORT_ERR') return new PdfBusy('There was no time to finish a document.', { cause: error });
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex('reading it takes too much memory') : error;
}

/** Whose work it is, and how urgent. */
interface Turn {
  /** Owners are served in turn, each in the order of its own requests. */
  readonly owner: string;
  /** Urgent work goes ahead of all that is not. */
  readonly urgent: boolean;
}

/** Holds what waits, so that no owner's many requests delay another's few by more than one. */
export class FairQueue<Item> {
  /** A Map keeps its keys in order: the first owner is the one that has waited longest for its turn. */
  private readonly urgent = new Map<string, Item[]>();
  private readonly ordinary = new Map<string, Item[]>();

  add({ owner, urgent }: Turn, item: Item): void {
    const owners = urgent ? this.urgent : this.ordinary;
    const items = owners.get(owner);
    if (items === undefined) owners.set(owner, [item]);
    else items.push(item);
  }

  /** Takes out the next; undefined where nothing waits. */
  take(): Item | undefined {
    return takeFrom(this.urgent) ?? takeFrom(this.ordinary);
  }
}

function takeFrom<Item>(owners: Map<string, Item[]>): Item | undefined {
  for (const [owner, items] of owners) {
    const item = items.shift();
    owners.delete(owner);
    if (items.length > 0) owners.set(owner, items);
    return item;
  }
  return undefined;
}

/** The server's threads for documents. */
export const documentThreads = new ThreadPool({
  threads: Math.min(4, availableParallelism()),
  timeLimitMs: 5_000,
  waitingBytes: 128 * 1024 * 1024,
  idleMs: 60_000,
});
