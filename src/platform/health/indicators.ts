import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { Jobs } from '../jobs/jobs';

/** Rows of nodes that have long gone go with it. */
const beat = statement(
  'heartbeat',
  `WITH gone AS (DELETE FROM heartbeat WHERE at < clock_timestamp() - interval '1 hour' AND node <> :node)
   INSERT INTO heartbeat (node, at) VALUES (:node, clock_timestamp()) ON CONFLICT (node) DO UPDATE SET at = excluded.at`,
);

/** This node's row, whose writing proves that the database takes writes. */
@Injectable()
export class Heartbeat {
  private readonly node = randomUUID();
  private beating: Promise<unknown> | undefined;

  constructor(private readonly statements: Statements) {}

  /**
   * Writes the row. Probes that come at the same time share one write, so that they cannot use the pool up.
   * @throws Error of the driver when the database cannot be written
   */
  async beat(): Promise<void> {
    await (this.beating ??= this.statements.run(beat, { node: this.node }).finally(() => (this.beating = undefined)));
  }
}

const timeoutMs = 1_000;

/** Whether the database can do its part. Why it cannot is for the log: the driver's words name hosts and files. */
@Injectable()
export class DatabaseIndicator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly heartbeat: Heartbeat,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Whether it takes writes: a standby or a full disk answers questions well. */
  writable(): PromiseLike<HealthIndicatorResult> {
    const write = () => this.heartbeat.beat().catch(() => Promise.reject(new Error('cannot be written')));
    return this.indicators
      .check('database')
      .attempt(async () => {
        await write();
      })
      .withTimeout(timeoutMs);
  }

  /** Whether every migration that this server knows is in place. */
  migrated(): PromiseLike<HealthIndicatorResult> {
    const pending = () => this.dataSource.showMigrations().catch(() => Promise.reject(new Error('cannot be known')));
    return this.indicators
      .check('migrations')
      .attempt(async () => {
        if (await pending()) throw new Error('some are pending');
      })
      .withTimeout(timeoutMs);
  }
}

/** Whether this node does its part of the work beside the requests. */
@Injectable()
export class JobsIndicator {
  constructor(
    private readonly jobs: Jobs,
    private readonly indicators: HealthIndicatorService,
  ) {}

  progress(): PromiseLike<HealthIndicatorResult> {
    return this.indicators.check('jobs').attempt(() => {
      const { stalled } = this.jobs;
      if (stalled.length > 0) throw new Error(`no progress: ${stalled.join(', ')}`);
    });
  }
}
