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
