import { RowBusy } from './outage';

/** How many may wait in memory for one row, beside the one that waits on a connection. */
const waitersPerRow = 30;

/** How long one may wait in memory, in milliseconds; then comes the lock's own time. */
const waitMs = 2_000;

/**
 * Where statements wait that met a locked row, so that one row cannot use the pool up: on a connection waits one of each
 * row, and of all rows as many as there are `connections`; the others wait in memory, and few of those.
 */
export class LockQueue {
  private readonly rows = new Map<string, Slots>();
  private readonly connections: Slots;

  constructor(connections: number) {
    this.connections = new Slots(connections);
  }

  /**
   * Runs `work` when it is its turn.
   * @param row names what it waits for
   * @throws RowBusy at once when too many wait for this row, or when the turn does not come in time
   */
  async run<Result>(row: string, work: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + waitMs;
    const turns = this.rows.get(row) ?? new Slots(1, waitersPerRow);
    this.rows.set(row, turns);
    try {
      return await turns.use(until, () => this.connections.use(until, work, busy), busy);
    } finally {
      if (turns.isUnused) this.rows.delete(row);
    }
  }
}

const busy = (): Error => new RowBusy();

/** A semaphore whose queue has an end, in number and in time. */
export class Slots {
  private readonly queue = new Set<() => void>();
  private taken = 0;

  constructor(
    private readonly count: number,
    private readonly longestQueue = Infinity,
  ) {}

  /** Whether none is taken, nor waited for. */
  get isUnused(): boolean {
    return this.taken === 0;
  }

  /**
   * Runs `work` in a slot, once one is free.
   * @param until as `performance.now()` counts
   * @throws what `refused` makes, where the queue is full or no slot is free in time
   */
  async use<Result>(until: number, work: () => Promise<Result>, refused: () => Error): Promise<Result> {
    if (this.taken < this.count) this.taken += 1;
    else if (this.queue.size < this.longestQueue) await this.turn(until, refused);
    else throw refused();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(until: number, refused: () => Error): Promise<void> {
    return new Promise((resolve, reject) => {
      const come = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.queue.delete(come);
        reject(refused());
      }, until - performance.now());
      this.queue.add(come);
    });
  }

  /** Hands the slot to the first in the queue, else gives it back. */
  private leave(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.taken -= 1;
      return;
    }
    this.queue.delete(next);
    next();
  }
}
