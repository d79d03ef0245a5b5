import { RowBusy } from './outage';
import { Slots } from './slots';

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
