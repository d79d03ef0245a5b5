import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { lockingStatement, statement, type Statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { currentRequestId } from '../platform/observability/logger';
import { OwnerGone } from '../platform/envelope/failure';
import { Jobs } from '../platform/jobs/jobs';
import { Metrics } from '../platform/observability/metrics';
import { Notifier } from '../platform/notify/notifier';
import { beginStatement, type BeginPlan } from './begin-statement';
import { isOpen, type Lifecycle } from './lifecycle';
import {
  type Alternative,
  type Changes,
  isDue,
  transitionStatement,
  type TransitionPlan,
} from './transition-statement';

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

/** A plan made into a prepared statement, once, when its repository is loaded. */
interface PreparedTransition<State extends string, Transition extends string, Row> {
  readonly statement: Statement;
  /** The kind of approval, and the transition that is hoped for. */
  readonly approval: string;
  readonly asked: string;
  readonly nudges: string | undefined;
  /** Carries the types only. */
  readonly types?: { state: State; transition: Transition; row: Row };
}

export interface PreparedBegin<Row> {
  readonly statement: Statement;
  readonly nudges: string | undefined;
  readonly types?: { row: Row };
}

/** Who makes the transition, and the values of the plan's own parameters. */
type TransitionValues = Readonly<Record<string, unknown>> & { readonly actor: string };
export type BeginValues = TransitionValues & { readonly tenantId: string; readonly id: string };

export function prepareTransition<State extends string, Transition extends string, Row extends object = object>(
  life: Lifecycle<State, Transition>,
  plan: TransitionPlan<Transition>,
): PreparedTransition<State, Transition, Row> {
  const [first] = plan.transitions;
  const asked = typeof first === 'object' ? first.transition : (first ?? 'lapse');
  return {
    statement: lockingStatement(plan.name, transitionStatement(life, plan), plan.where),
    approval: life.approval,
    asked,
    nudges: plan.nudges,
  };
}

type TimeoutPlan<Transition extends string> = Omit<
  TransitionPlan<Transition>,
  'where' | 'transitions' | 'returning'
> & {
  readonly set?: Changes;
};

/** The transition that writes down every timeout that is due, waiting for whoever holds one of the rows. */
export function prepareTimeout<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
  { set, ...plan }: TimeoutPlan<Transition>,
): PreparedTransition<State, Transition, object> {
  return prepareTransition(life, { ...plan, where: isDue(life), transitions: [{ transition: 'lapse', set }] });
}

/** The same of `:size` approvals at most, and of none that somebody holds: those are for the next sweep. */
export function prepareSweep<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
  { set, ...plan }: TimeoutPlan<Transition>,
): PreparedTransition<State, Transition, object> {
  const due = `SELECT ctid FROM ${life.approval} WHERE ${isDue(life)} LIMIT :size::bigint FOR UPDATE SKIP LOCKED`;
  return prepareTransition(life, {
    ...plan,
    where: `ctid = ANY (ARRAY(${due}))`,
    transitions: [{ transition: 'lapse', set }],
  });
}

type DisownPlan<Transition extends string> = Omit<TimeoutPlan<Transition>, 'set'> & {
  readonly disown: Alternative<Transition>;
  /** What is set besides where a timeout is written down instead. */
  readonly timeoutSet?: Changes;
};

/**
 * The transition that cancels, some at once, what is open of an owner that has been deleted; timeouts that are due are written
 * down instead.
 * @param ofOwner SQL: whether an approval is the owner's
 */
export function prepareDisown<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
  ofOwner: string,
  { disown, timeoutSet, ...plan }: DisownPlan<Transition>,
): PreparedTransition<State, Transition, object> {
  const open = `SELECT tenant_id, id FROM ${life.approval} WHERE ${ofOwner} AND ${isOpen(life)} LIMIT 500`;
  return prepareTransition(life, {
    ...plan,
    where: `(tenant_id, id) IN (${open})`,
    transitions: [{ transition: 'lapse', set: timeoutSet }, disown],
  });
}

export function prepareBegin<Row extends object = object>(life: Lifecycle, plan: BeginPlan): PreparedBegin<Row> {
  return { statement: statement(plan.name, beginStatement(life, plan)), nudges: plan.nudges };
}

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
  async transition<State extends string, Transition extends string, Row extends object>(
    prepared: PreparedTransition<State, Transition, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<(Outcome<State, Transition> & Row) | undefined> {
    const [found] = await this.transitionAll(prepared, values, client);
    return found;
  }

  /** The same for each approval that the plan's `where` finds. */
  async transitionAll<State extends string, Transition extends string, Row extends object>(
    prepared: PreparedTransition<State, Transition, Row>,
    values: TransitionValues,
    client?: ClientBase,
  ): Promise<(Outcome<State, Transition> & Row)[]> {
    const bound = { ...values, requestId: currentRequestId() ?? null };
    const rows = await this.statements.run<Omit<Outcome<State, Transition>, 'moved'> & Topical & Row>(
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

  /** Repeats a transition over some at once until it finds none. */
  async transitionEach<State extends string, Transition extends string, Row extends object>(
    prepared: PreparedTransition<State, Transition, Row>,
    values: TransitionValues,
    client: ClientBase,
  ): Promise<void> {
    let outcomes;
    do outcomes = await this.transitionAll(prepared, values, client);
    while (outcomes.some(({ moved }) => moved));
  }

  /**
   * Begins an approval's life; undefined where the plan says `unlessTaken` and the key is, or its `from` has no row.
   * @throws OwnerGone when the tenant, or whoever else the approval belongs to, has been deleted meanwhile
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
}

function withoutTopic<Row extends Topical>(row: Row): Row {
  delete row._topic;
  delete row._begun;
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
