import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { currentRequestId } from '../platform/observability/logger';
import { OwnerGone } from '../platform/envelope/failure';
import { Jobs } from '../platform/jobs/jobs';
import { Metrics } from '../platform/observability/metrics';
import { Notifier } from '../platform/notify/notifier';
import { requireAdmission } from './begin-statement';
import { type Lifecycle, type StateOf, type TransitionOf } from './lifecycle';
import { type PreparedBegin, type PreparedTransition } from './prepare';

/** What a transition found and did. `before` and `after` are equal where nothing moved. */
export interface Outcome<State extends string, Transition extends string> {
  /** The effective state under the lock, before this transition: for the loser of a race, what the winner made. */
  readonly before: State;
  readonly after: State;
  readonly moved: boolean;
  readonly transition: Transition | 'lapse' | null;
  /** The approvals' clock when it was decided. */
  readonly at: Date;
}

/** The outcome of one lifecycle's transition, and the row that its plan returns. */
export type OutcomeOf<Life, Row = object> = Outcome<StateOf<Life>, TransitionOf<Life>> & Row;

/** Who makes the transition, and the values of the plan's own parameters. */
type TransitionValues = Readonly<Record<string, unknown>> & { readonly actor: string };

/** Which approval begins, and whose it is besides the actor's (`subjectsOf`): nothing begins while one of them is frozen. */
export type BeginValues = TransitionValues & {
  readonly tenantId: string;
  readonly id: string;
  readonly subjects: readonly string[];
};

/** Does what the plans of something committed say that follows: `notifies` and `nudges`. What a crash cuts off, sweeps find. */
export type Committed = (topics: readonly string[], nudged: string | undefined) => void;

/** The only writer of any approval's `status`. Each call is one statement, so one round trip and atomic by itself. */
@Injectable()
export class LifecycleEngine {
  constructor(
    private readonly statements: Statements,
    private readonly committed: Committed = () => undefined,
  ) {}

  /** Carries a transition out, or finds out why not; undefined where there is no such approval. */
  async transition<Life extends Lifecycle, Row extends object>(
    prepared: PreparedTransition<Life, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<OutcomeOf<Life, Row> | undefined> {
    const [found] = await this.transitionAll(prepared, values, client);
    return found;
  }

  /** The same for each approval that the plan's `where` finds. */
  async transitionAll<Life extends Lifecycle, Row extends object>(
    prepared: PreparedTransition<Life, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<OutcomeOf<Life, Row>[]> {
    const bound = { ...values, requestId: currentRequestId() ?? null };
    const rows = await this.statements.run<Omit<OutcomeOf<Life>, 'moved'> & Topical & Row>(
      prepared.statement,
      bound,
      client,
    );
    const topics = rows.flatMap(({ _topic }) => _topic ?? []);
    const nudged = rows.some(({ transition }) => transition !== null) ? prepared.nudges : undefined;
    this.statements.afterCommit(client, () => {
      this.committed(topics, nudged);
    });
    return rows.map((row) => withoutTopic({ ...row, moved: row.transition !== null }));
  }

  /**
   * Begins an approval's life; undefined where the plan says `unlessTaken` and the key is, or its `from` has no row.
   * @throws Failed `frozen` when nothing may begin for one of its subjects; `unauthenticated` when its OAuth client is deleted
   * @throws OwnerGone when the tenant, user or relying party that the approval belongs to has been deleted meanwhile
   */
  async begin<Row extends object>(
    prepared: PreparedBegin<Row>,
    values: BeginValues,
    client?: ClientBase,
  ): Promise<({ readonly at: Date } & Row) | undefined> {
    const bound = { ...values, requestId: currentRequestId() ?? null };
    const [answer] = await this.statements.run<{ readonly at: Date } & Topical & Row>(
      prepared.statement,
      bound,
      client,
    );
    if (answer === undefined) throw new OwnerGone();
    requireAdmission(answer._refused ?? null);
    if (!answer._begun) return undefined;
    const topics = answer._topic ? [answer._topic] : [];
    this.statements.afterCommit(client, () => {
      this.committed(topics, prepared.nudges);
    });
    return withoutTopic(answer);
  }
}

/** What a row has besides what its plan returns. */
interface Topical {
  _topic?: string | null;
  _begun?: boolean;
  _refused?: Date | number | null;
}

function withoutTopic<Row extends Topical>(row: Row): Row {
  delete row._topic;
  delete row._begun;
  delete row._refused;
  return row;
}

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

  override async transitionAll<Life extends Lifecycle, Row extends object>(
    prepared: PreparedTransition<Life, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<OutcomeOf<Life, Row>[]> {
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
