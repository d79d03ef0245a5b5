import { Controller, Get, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { Public } from '../auth/authenticate';
import { DatabaseIndicator } from './database.indicator';
import { JobsIndicator } from './jobs.indicator';
import { UnavailableFilter } from './unavailable.filter';

@Controller('health')
@Public()
@UseFilters(UnavailableFilter)
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: DatabaseIndicator,
    private readonly jobs: JobsIndicator,
  ) {}

  /** The process answers. */
  @Get('live')
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  /** It can serve: the database takes writes, its schema is the one this server knows, and the loops make progress. */
  @Get('ready')
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.database.writable(),
      () => this.database.migrated(),
      () => this.jobs.progress(),
    ]);
  }
}
