import { Injectable } from '@nestjs/common';
import { ApprovalsClock } from '../../approvals/approvals-clock';
import { type MoveClock } from './move-clock.dto';

export interface MovedClock {
  readonly offsetSeconds: number;
  /** What approvals take for the present. */
  readonly now: Date;
}

/** Moves the approvals' notion of now, on all nodes: their lifetimes and intervals, not tokens or rate limits. */
@Injectable()
export class ClockService {
  constructor(private readonly clock: ApprovalsClock) {}

  async move({ offsetSeconds }: MoveClock): Promise<MovedClock> {
    return { offsetSeconds, now: await this.clock.move(offsetSeconds) };
  }
}
