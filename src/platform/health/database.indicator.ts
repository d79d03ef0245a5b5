import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { DataSource } from 'typeorm';

const timeoutMs = 1_000;

/** Whether the database can do its part. Why it cannot is for the log: the driver's words name hosts and files. */
@Injectable()
export class DatabaseIndicator {
  constructor(
    private readonly dataSource: DataSource,
    private readonly indicators: HealthIndicatorService,
  ) {}

  reachable(): PromiseLike<HealthIndicatorResult> {
    const ping = () => this.dataSource.query('SELECT 1').catch(() => Promise.reject(new Error('does not answer')));
    return this.indicators
      .check('database')
      .attempt(async () => {
        await ping();
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
