import { lockingStatement, statement, type Statement } from '../platform/database/statement';
import { beginStatement, type BeginPlan } from './begin-statement';
import { isOpen, type Lifecycle } from './lifecycle';
import { type Changes, isDue, transitionStatement, type TransitionPlan } from './transition-statement';

/** A plan made into a prepared statement, once, when its repository is loaded. */
export interface PreparedTransition<Life extends Lifecycle, Row> {
  readonly statement: Statement;
  /** The kind of approval, and the transition that is hoped for. */
  readonly approval: string;
  readonly asked: string;
  readonly nudges: string | undefined;
  /** Carries the types only. */
  readonly types?: { life: Life; row: Row };
}

export interface PreparedBegin<Row> {
  readonly statement: Statement;
  readonly nudges: string | undefined;
  readonly types?: { row: Row };
}

type TimeoutPlan<Transition extends string> = Omit<
  TransitionPlan<Transition>,
  'where' | 'transitions' | 'returning'
> & {
  readonly set?: Changes;
};

type RecallPlan<Transition extends string> = Omit<TransitionPlan<Transition>, 'transitions' | 'returning'> & {
  /** What is set besides, ended or timed out. */
  readonly set?: Changes;
};

/** Who recalls approvals, and why: both are in the history of each. */
export interface RecallBy {
  readonly actor: string;
  readonly reason: string;
}

/** An approval that a recall has ended, or that ended otherwise while the recall waited for it. */
export interface Recalled {
  readonly id: string;
  readonly endedAt: Date;
  readonly endedBy: string;
}

/** How many approvals one statement of a recall ends, where there may be many. */
export const recallBatch = 500;

/** Makes the plans of one lifecycle into prepared statements: `const prepare = prepareFor(otpLifecycle)`. */
export function prepareFor<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
): Prepare<State, Transition> {
  return new Prepare(life);
}

class Prepare<State extends string, Transition extends string> {
  constructor(private readonly life: Lifecycle<State, Transition>) {}

  /** Row: what the plan's `returning` answers. */
  begin<Row extends object = object>(plan: BeginPlan): PreparedBegin<Row> {
    return { statement: statement(plan.name, beginStatement(this.life, plan)), nudges: plan.nudges };
  }

  /** Row: what the plan's `returning` answers. */
  transition<Row extends object = object>(
    plan: TransitionPlan<Transition>,
  ): PreparedTransition<Lifecycle<State, Transition>, Row> {
    const [first] = plan.transitions;
    const asked = typeof first === 'object' ? first.transition : (first ?? 'lapse');
    return {
      statement: lockingStatement(plan.name, transitionStatement(this.life, plan), plan.where),
      approval: this.life.approval,
      asked,
      nudges: plan.nudges,
    };
  }

  /** The transition that writes down every timeout that is due, waiting for the rows that others have locked. */
  timeout({ set, ...plan }: TimeoutPlan<Transition>): PreparedTransition<Lifecycle<State, Transition>, object> {
    return this.transition({ ...plan, where: isDue(this.life), transitions: [{ transition: 'lapse', set }] });
  }

  /** The same of `:size` approvals at most, and of none that another statement has locked: those are for the next sweep. */
  sweep({ set, ...plan }: TimeoutPlan<Transition>): PreparedTransition<Lifecycle<State, Transition>, object> {
    const due = `SELECT ctid FROM ${this.life.approval} WHERE ${isDue(this.life)} LIMIT :size::bigint FOR UPDATE SKIP LOCKED`;
    return this.transition({
      ...plan,
      where: `ctid = ANY (ARRAY(${due}))`,
      transitions: [{ transition: 'lapse', set }],
    });
  }

  /**
   * The transition of a recall, over what `where` finds and is stored as open: `:size` approvals at most, where that is not
   * null. What has timed out meanwhile is written down as that. Repeat it until it moves none.
   * Parameters besides the plan's own: `:actor`, `:reason` and `:size`.
   */
  recall({ set, where, ...plan }: RecallPlan<Transition>): PreparedTransition<Lifecycle<State, Transition>, Recalled> {
    const { approval, recall } = this.life;
    const open = `SELECT tenant_id, id FROM ${approval} WHERE (${where}) AND ${isOpen(this.life)} LIMIT :size::bigint`;
    return this.transition({
      ...plan,
      where: `(tenant_id, id) IN (${open})`,
      withReason: true,
      transitions: [
        { transition: recall.transition, byRecall: true, set },
        { transition: 'lapse', set },
      ],
      returning: { id: 'id', endedAt: 'ended_at', endedBy: 'ended_by' },
    });
  }
}
