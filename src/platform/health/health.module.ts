import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { Heartbeat } from './heartbeat';
import { DatabaseIndicator } from './database.indicator';
import { JobsIndicator } from './jobs.indicator';

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [Heartbeat, DatabaseIndicator, JobsIndicator],
})
export class HealthModule {}
