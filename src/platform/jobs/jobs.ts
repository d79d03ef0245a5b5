import {
  type BeforeApplicationShutdown,
  Global,
  Injectable,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type Statement } from '../database/statement';
import { Statements } from '../database/statements';
import { Metrics } from '../observability/metrics';
import { BackgroundLoop, type BackgroundWork } from './background-loop';
import { RecurringJobs } from './recurring-jobs';

/** How often loops are looked after, in milliseconds. */
const superviseEveryMs = 1_000;

/** How late housekeeping may begin, in milliseconds. */
const housekeepingEveryMs = 1_000;

/** How long a stop waits for what is running, in milliseconds. */
const stopWithinMs = 9_000;

/** Rows of one batch where the job says nothing else. */
const manyRows = 5_000;

/** Handles at most `size` rows and answers how many it found; a statement answers a row for each (`clearing`). */
type Batch = ((size: number) => Promise<number>) | Statement;

/** Work beside the requests: each node's own loops, and the housekeeping that one of the nodes does. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops = new Map<string, BackgroundLoop>();
  private readonly recurring: RecurringJobs;
  private supervisor: NodeJS.Timeout | undefined;

  constructor(
    private readonly statements: Statements,
    private readonly metrics: Metrics,
  ) {
    this.recurring = new RecurringJobs(statements);
    this.loop({
      name: 'housekeeping',
      everyMs: housekeepingEveryMs,
      run: (round) => this.recurring.run(round),
    });
  }

  /**
   * Makes rounds of this work on each node; to be called while modules initialize.
   * @throws Error when the name is taken
   */
  loop(work: BackgroundWork): void {
    if (this.loops.has(work.name)) throw new Error(`There are two loops named ${work.name}`);
    this.loops.set(work.name, new BackgroundLoop(work));
  }

  /** Has this node's loop of that name make a round at once. */
  nudge(name: string): void {
    this.loops.get(name)?.nudge();
  }

  /** Housekeeping: done by one of the nodes once a day, in the night of UTC, batch after batch (`inBatches`). */
  daily(name: string, batch: Batch, batchSize = manyRows): void {
    this.recurring.add({
      name,
      batch: this.run(batch),
      batchSize,
      everySeconds: 86_400,
      offsetSeconds: 3 * 3_600 + 17 * 60,
    });
  }

  /** Something small, done by one of the nodes every minute, batch after batch. */
  everyMinute(name: string, batch: Batch, batchSize = 1_000): void {
    this.recurring.add({ name, batch: this.run(batch), batchSize, everySeconds: 60, offsetSeconds: 0 });
  }

  private run(batch: Batch): (size: number) => Promise<number> {
    return typeof batch === 'function' ? batch : async (size) => (await this.statements.run(batch, { size })).length;
  }

  /** The names of the loops that make no progress at present. */
  get stalled(): string[] {
    return [...this.loops].filter(([, loop]) => loop.isStalled).map(([name]) => name);
  }

  onApplicationBootstrap(): void {
    for (const [name, loop] of this.loops) {
      this.metrics.watchLoop(name, () => loop.idleMs / 1000);
      loop.start();
    }
    this.supervisor = setInterval(() => {
      for (const [name, loop] of this.loops) if (loop.restartIfStalled()) this.metrics.countLoopRestart(name);
    }, superviseEveryMs);
  }

  /** Begins nothing more and waits for what runs, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.supervisor);
    await Promise.all([...this.loops.values()].map((loop) => loop.stop(stopWithinMs)));
  }
}

@Global()
@Module({ providers: [Jobs], exports: [Jobs] })
export class JobsModule {}
