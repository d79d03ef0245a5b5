import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics';
import { MetricsController } from './metrics.controller';

@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class ObservabilityModule {}

/** `GET /metrics`. */
@Module({ controllers: [MetricsController] })
export class MetricsModule {}
