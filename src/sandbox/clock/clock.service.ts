import { Injectable } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type MoveClock } from './move-clock.dto';

export interface MovedClock {
  readonly offsetSeconds: number;
  /** What approvals take for the present. */
  readonly now: Date;
}

const moveClock = statement(
  'sandbox-move-clock',
  `UPDATE approval_clock SET advance = make_interval(secs => :offsetSeconds)
   RETURNING :offsetSeconds::int AS "offsetSeconds", clock_timestamp() + advance AS now`,
);

/** Moves the approvals' notion of now, on all nodes: their lifetimes and intervals, not tokens or rate limits. */
@Injectable()
export class ClockService {
  constructor(private readonly statements: Statements) {}

  async move({ offsetSeconds }: MoveClock): Promise<MovedClock> {
    const [moved] = await this.statements.run<MovedClock>(moveClock, { offsetSeconds });
    if (moved === undefined) throw new Error('There is no clock');
    return moved;
  }
}
