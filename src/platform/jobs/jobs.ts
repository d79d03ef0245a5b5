import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { type CronItem, parseCronItems, run, type Runner, type TaskList } from 'graphile-worker';
import { DataSource } from 'typeorm';
import { poolOf } from '../database/pool';
import { jobLogger } from './job-logger';
import { unlessAborted } from './unless-aborted';
import { clearAwayGivenUp, freeStranded } from './upkeep';

/** What a job does. A throw is tried again later, 25 times within some days; so it must be safe to do twice. */
export type JobHandler = (payload: unknown) => Promise<void>;

/** Jobs of one node that run at the same time. */
const concurrentJobs = 10;

/** How late a job that is due at a given time may start, in milliseconds; others start at once. */
const pollIntervalMs = 1_000;

/** How long after a runner has given up another is started, in milliseconds. */
const restartAfterMs = 1_000;

/** How long a stop waits for what is running, in milliseconds. */
const stopWithinMs = 9_000;

/** Work beside the requests, in the database's queue: nodes share it, and it outlives them. */
@Injectable()
export class Jobs implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private readonly tasks: TaskList = {};
  private readonly recurring: CronItem[] = [];
  private readonly stopping = new AbortController();
  private runner: Runner | undefined;
  private kept: Promise<void> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Says who does the jobs of this name (`queueJob`); to be called while modules initialize.
   * @throws Error when the name is taken
   */
  register(name: string, handler: JobHandler): void {
    if (Object.hasOwn(this.tasks, name)) throw new Error(`There are two handlers for the job ${name}`);
    // A stop does not wait for ever: what is cut off counts as failed, and is done again.
    this.tasks[name] = (payload, { abortSignal }) => {
      // Every job that runs listens to the one signal.
      setMaxListeners(0, abortSignal);
      return unlessAborted(handler(payload), abortSignal, new Error('The server has stopped'));
    };
  }

  /** Housekeeping: done by one of the nodes once a day, in the night of UTC. */
  daily(name: string, handler: () => Promise<void>): void {
    this.recur(name, '17 3 * * *', handler);
  }

  /** Something small, done by one of the nodes every minute. */
  everyMinute(name: string, handler: () => Promise<void>): void {
    this.recur(name, '* * * * *', handler);
  }

  onModuleInit(): void {
    const pool = poolOf(this.dataSource);
    this.everyMinute('free-stranded-jobs', () => freeStranded(pool));
    this.daily('clear-away-given-up-jobs', () => clearAwayGivenUp(pool));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.kept = this.keepRunning(await this.start());
  }

  /** Whether this node does jobs at present. */
  get running(): boolean {
    return this.runner !== undefined;
  }

  /** Takes no more jobs and waits for those that run, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.runner?.stop();
    await this.kept;
  }

  private async start(): Promise<Runner> {
    const runner = await run({
      pgPool: poolOf(this.dataSource),
      concurrency: concurrentJobs,
      pollInterval: pollIntervalMs,
      gracefulShutdownAbortTimeout: stopWithinMs,
      // The application hears the signals, and stops this runner among the rest.
      noHandleSignals: true,
      logger: jobLogger(this.log),
      taskList: this.tasks,
      parsedCronItems: parseCronItems(this.recurring),
      // Without a batch, even of no delay, nobody would hear that a job's end could not be written down.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    runner.events.once('stop', () => (this.runner = undefined));
    return (this.runner = runner);
  }

  /** A runner gives up when the database fails it in the middle of a job; another takes its place. */
  private async keepRunning(first: Runner): Promise<void> {
    const { signal } = this.stopping;
    const stopping = (): boolean => signal.aborted;
    const failed = (error: unknown): undefined => {
      this.log.error(error, 'The job runner has failed');
    };
    for (let runner: Runner | undefined = first; ;) {
      await runner?.promise.catch(failed);
      if (stopping()) return;
      this.log.warn('The job runner has stopped by itself; another is started');
      await pause(restartAfterMs, undefined, { signal }).catch(() => undefined);
      if (stopping()) return;
      runner = await this.start().catch(failed);
      if (stopping()) await runner?.stop();
    }
  }

  private recur(name: string, pattern: string, handler: () => Promise<void>): void {
    this.register(name, handler);
    this.recurring.push({ task: name, match: pattern, identifier: name });
  }
}
