import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ApprovalsClock } from '../../approvals/approvals-clock';
import { type MoveClock } from './move-clock.dto';

export class MovedClock {
  @ApiProperty({ type: 'integer', minimum: 0 })
  offsetSeconds: number;

  @ApiProperty({ description: 'What approvals take for the present.' })
  now: Date;
}

/** Moves the approvals' notion of now, on all nodes: their lifetimes and intervals, not tokens or rate limits. */
@Injectable()
export class ClockService {
  constructor(private readonly clock: ApprovalsClock) {}

  async move({ offsetSeconds }: MoveClock): Promise<MovedClock> {
    return { offsetSeconds, now: await this.clock.move(offsetSeconds) };
  }
}
