import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Piscina } from 'piscina';
import { faultOf, PdfFault } from '../fault';
import type { SignLocation } from '../pages/placement';
import type { Prepared } from '../preparation';
import { tooComplex } from '../reader/budget';
import type { Inspection, Signer } from '../signable';
import type { Operation, Task, TaskResult } from './entry';

/** The work could not be done in time, which says nothing of the document; the same call later may succeed. */
export class PdfBusy extends Error {
  override readonly name = 'PdfBusy';
}

interface PoolLimits {
  readonly threads: number;
  /** For one task, with the start of a thread where none is idle. The last resort: the reader counts its own work. */
  readonly timeLimitMs: number;
  /** Of one thread. Heap only: what streams inflate to is bounded by the reader itself. */
  readonly heapMegabytes: number;
  /** Bytes of all documents that wait for a thread; one owner's may take half of them. */
  readonly waitingBytes: number;
  /** After this long without work a thread is ended. */
  readonly idleMs: number;
}

const extension = extname(__filename);

/** Runs tasks in threads of their own, so that no document can hold up the server. */
export class ThreadPool {
  private readonly threads: Piscina<Task, TaskResult<Operation>>;
  private readonly queue = new FairQueue<() => void>();
  private readonly waitingBytes = new Map<string, number>();
  private running = 0;

  constructor(private readonly limits: PoolLimits) {
    this.threads = new Piscina({
      filename: join(__dirname, `entry${extension}`),
      execArgv: extension === '.ts' ? ['-r', require.resolve('@swc-node/register')] : [],
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
      minThreads: 0,
      maxThreads: limits.threads,
      idleTimeout: limits.idleMs,
      recordTiming: false,
    });
    // A thread that breaks without a task, such as one that cannot start.
    this.threads.on('error', (error: Error) => {
      process.emitWarning(error);
    });
  }

  /**
   * @throws PdfBusy when too many documents are waiting, or the task took too long
   * @throws PdfFault too-complex when the task took too much memory
   * @throws whatever the task threw
   */
  async run<O extends Operation>(task: Task<O>, turn: Turn): Promise<TaskResult<O>> {
    await this.enter(task.bytes.byteLength, turn);
    try {
      const bytes = Uint8Array.from(task.bytes);
      const signal = AbortSignal.timeout(this.limits.timeLimitMs);
      const result = await this.threads.run({ ...task, bytes }, { transferList: [bytes.buffer], signal });
      return result as TaskResult<O>;
    } catch (error) {
      throw meaningOf(error);
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
}

function meaningOf(error: unknown): unknown {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return new PdfBusy('There was no time to finish a document.', { cause: error });
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
const documentThreads = new ThreadPool({
  threads: Math.min(4, availableParallelism()),
  timeLimitMs: 5_000,
  heapMegabytes: 256,
  waitingBytes: 128 * 1024 * 1024,
  idleMs: 60_000,
});

/**
 * Inspects a document in a thread of its own.
 *
 * @param owner owners are served in turn
 * @throws PdfBusy when too many documents are waiting, or there was no time to finish this one
 */
export async function inspectPdf(
  bytes: Buffer,
  locations: readonly SignLocation[],
  owner: string,
): Promise<Inspection> {
  try {
    const task: Task<'inspect'> = { operation: 'inspect', bytes, parameters: [locations] };
    return await documentThreads.run(task, { owner, urgent: false });
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    return { ok: false, fault: error.fault, detail: error.detail };
  }
}

/**
 * Prepares a document for its signature in a thread of its own, ahead of documents that are only to be inspected.
 *
 * @param owner owners are served in turn
 * @throws PdfFault @throws PdfLocationFault
 * @throws PdfBusy when too many documents are waiting, or there was no time to finish this one
 */
export async function preparePdf(
  bytes: Buffer,
  locations: readonly SignLocation[],
  signer: Signer,
  signedAt: Date,
  owner: string,
): Promise<Prepared> {
  const task: Task<'prepare'> = { operation: 'prepare', bytes, parameters: [locations, signer, signedAt] };
  const result = await documentThreads.run(task, { owner, urgent: true });
  if (!result.ok) throw faultOf(result);
  return result.value;
}
