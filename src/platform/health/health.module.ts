import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { Heartbeat } from './heartbeat';
import { DatabaseIndicator } from './database.indicator';
import { JobsIndicator } from './jobs.indicator';
import { Heartbeat1763700000200 } from './migrations/1763700000200-heartbeat';

export const healthMigrations = [Heartbeat1763700000200];

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Heartbeat, DatabaseIndicator, JobsIndicator],
})
export class HealthModule {}
