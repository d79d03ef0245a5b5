import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { Jobs } from '../platform/jobs/jobs';
import { Metrics } from '../platform/observability/metrics';
import { Notifier } from '../platform/notify/notifier';
import { LifecycleEngine, type TransitionValues, type Outcome, type PreparedTransition } from './lifecycle-engine';

/** The engine of a running server: what becomes of each transition is counted. */
@Injectable()
export class MeasuredLifecycleEngine extends LifecycleEngine {
  constructor(
    statements: Statements,
    private readonly metrics: Metrics,
    jobs: Jobs,
    notifier: Notifier,
  ) {
    super(statements, (topics, nudged) => {
      for (const topic of topics) notifier.notify(topic);
      if (nudged !== undefined) jobs.nudge(nudged);
    });
  }

  override async transitionAll<State extends string, Transition extends string, Row extends object>(
    prepared: PreparedTransition<State, Transition, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<(Outcome<State, Transition> & Row)[]> {
    const outcomes = await super.transitionAll(prepared, values, client);
    for (const { transition } of outcomes)
      this.metrics.countTransition(prepared.approval, prepared.asked, outcome(transition, prepared));
    return outcomes;
  }
}

function outcome(made: string | null, { asked }: { asked: string }): string {
  if (made === null) return 'refused';
  return made === asked ? 'moved' : made;
}
