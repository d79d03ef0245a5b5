import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { Jobs } from '../platform/jobs/jobs';
import { Metrics } from '../platform/observability/metrics';
import { Wake } from '../platform/wake/wake';
import { LifecycleEngine, type MoveValues, type Outcome, type PreparedMove } from './lifecycle-engine';

/** The engine of a running server: what becomes of each move is counted. */
@Injectable()
export class MeasuredLifecycleEngine extends LifecycleEngine {
  constructor(
    statements: Statements,
    private readonly metrics: Metrics,
    jobs: Jobs,
    wake: Wake,
  ) {
    super(statements, (topics, nudged) => {
      for (const topic of topics) wake.wake(topic);
      if (nudged !== undefined) jobs.nudge(nudged);
    });
  }

  override async moveAll<State extends string, Move extends string, Row extends object>(
    prepared: PreparedMove<State, Move, Row>,
    values: MoveValues,
    client?: ClientBase,
  ): Promise<(Outcome<State, Move> & Row)[]> {
    const outcomes = await super.moveAll(prepared, values, client);
    for (const { move } of outcomes) this.metrics.countMove(prepared.approval, prepared.asked, outcome(move, prepared));
    return outcomes;
  }
}

function outcome(made: string | null, { asked }: { asked: string }): string {
  if (made === null) return 'refused';
  return made === asked ? 'moved' : made;
}
