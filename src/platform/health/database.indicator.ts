import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { Heartbeat } from './heartbeat';

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
