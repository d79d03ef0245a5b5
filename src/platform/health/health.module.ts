import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Module,
  ServiceUnavailableException,
  UseFilters,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { type Response } from 'express';
import { Public } from '../auth/authenticate';
import { DatabaseIndicator, Heartbeat, JobsIndicator } from './indicators';
import { Heartbeat1763700000200 } from './migrations/1763700000200-heartbeat';

/** Answers with the indicators' report, which an error format's envelope would hide. */
@Catch(ServiceUnavailableException)
class UnavailableFilter implements ExceptionFilter {
  catch(exception: ServiceUnavailableException, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().status(exception.getStatus()).json(exception.getResponse());
  }
}

@Controller('health')
@Public()
@UseFilters(UnavailableFilter)
@ApiExcludeController()
class HealthController {
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

export const healthMigrations = [Heartbeat1763700000200];

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Heartbeat, DatabaseIndicator, JobsIndicator],
})
export class HealthModule {}
