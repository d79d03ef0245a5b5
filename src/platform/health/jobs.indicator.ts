import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Jobs } from '../jobs/jobs';

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
