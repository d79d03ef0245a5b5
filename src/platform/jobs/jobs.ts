import { setMaxListeners } from 'node:events';
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

/** How long a stop waits for what is running, in milliseconds. */
const stopWithinMs = 9_000;

/** Work beside the requests, in the database's queue: nodes share it, and it outlives them. */
@Injectable()
export class Jobs implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Jobs');
  private readonly tasks: TaskList = {};
  private readonly recurring: CronItem[] = [];
  private runner: Runner | undefined;

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
    this.runner = await run({
      pgPool: poolOf(this.dataSource),
      concurrency: concurrentJobs,
      pollInterval: pollIntervalMs,
      gracefulShutdownAbortTimeout: stopWithinMs,
      // The application hears the signals, and stops this runner among the rest.
      noHandleSignals: true,
      logger: jobLogger(this.log),
      taskList: this.tasks,
      parsedCronItems: parseCronItems(this.recurring),
    });
    // It may end by a failure of its own; a stop of ours has taken it away before.
    this.runner.events.once('stop', () => {
      if (this.runner !== undefined) this.log.error('The job runner has stopped by itself');
      this.runner = undefined;
    });
    this.runner.promise.catch((error: unknown) => {
      this.log.error(error, 'The job runner has failed');
    });
  }

  /** Whether this node does jobs; false for good once its runner has stopped, by itself or with the application. */
  get running(): boolean {
    return this.runner !== undefined;
  }

  /** Takes no more jobs and waits for those that run, while the database is still open. */
  async beforeApplicationShutdown(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    await runner?.stop();
  }

  private recur(name: string, pattern: string, handler: () => Promise<void>): void {
    this.register(name, handler);
    this.recurring.push({ task: name, match: pattern, identifier: name });
  }
}
