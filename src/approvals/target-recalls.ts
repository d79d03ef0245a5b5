import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement, type Statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { type ApprovalKind, ApprovalKinds, conditionsOf, readTarget, type Target, type TargetName } from './finding';
import { isOpen, type Lifecycle } from './lifecycle';
import { LifecycleEngine, type Outcome } from './lifecycle-engine';
import { prepareFor, type PreparedTransition, type RecallBy, type Recalled } from './prepare';

/** Which of a target's approvals a recall ends. */
export interface RecallBounds {
  /** The kinds, by their APIs' names; all unless given. */
  readonly kinds?: readonly string[];
  /** Those that began until this instant of the database, with its microseconds (`2025-01-15T10:30:00.000000Z`); all unless given. */
  readonly begunUntil?: string;
  /** So many of each kind at most; all unless given. */
  readonly size?: number;
}

/** What a recall found of one approval: ended by it (`moved`, with the recall's transition), or by time or another meanwhile. */
export type RecallOutcome = Outcome<string, string> & Recalled & { readonly kind: string };

/** Whether the recall has ended it, and neither time nor another. */
export const wasRecalled = ({ transition }: Pick<RecallOutcome, 'transition'>): boolean =>
  transition !== null && transition !== 'lapse';

type PreparedRecall = PreparedTransition<Lifecycle, Recalled>;

/** Recalls a target's approvals of every kind, as the registrations of the APIs say. */
@Injectable()
export class TargetRecalls {
  private readonly prepared = new Map<string, PreparedRecall | undefined>();
  private readonly beyond = new Map<string, Statement | undefined>();

  constructor(
    private readonly kinds: ApprovalKinds,
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
  ) {
    const names: readonly TargetName[] = ['person', 'relyingParty', 'client', 'device', 'approval', 'tenant'];
    for (const kind of kinds.all)
      for (const name of names) {
        this.prepared.set(keyOf(kind, name), prepareRecall(kind, name));
        this.beyond.set(keyOf(kind, name), prepareBeyond(kind, name));
      }
  }

  /**
   * Ends what is pending of a target, in one statement for each kind. What was found by the statement's snapshot is
   * among the outcomes, also where it ended otherwise before its row could be locked.
   * @param client of a transaction: nothing is recalled unless it commits
   */
  async recall(
    tenantId: string,
    target: Target,
    by: RecallBy,
    { kinds, begunUntil, size }: RecallBounds,
    client: ClientBase,
  ): Promise<RecallOutcome[]> {
    const { name, values } = readTarget(target);
    const outcomes: RecallOutcome[] = [];
    for (const kind of this.kinds.all) {
      const prepared = this.prepared.get(keyOf(kind, name));
      if (prepared === undefined || kinds?.includes(kind.name) === false) continue;
      const bound = { ...values, tenantId, begunUntil: begunUntil ?? null, size: size ?? null, reason: by.reason };
      const asked = Object.entries(bound).filter(([parameter]) => prepared.statement.parameters.includes(parameter));
      const found = await this.engine.transitionAll(
        prepared,
        { ...Object.fromEntries(asked), actor: by.actor },
        client,
      );
      outcomes.push(...found.map((outcome) => ({ ...outcome, kind: kind.name })));
    }
    return outcomes;
  }

  /** Whether more than so many approvals of one kind are stored as pending. */
  async arePendingBeyond(size: number, tenantId: string, target: Target, client: ClientBase): Promise<boolean> {
    const { name, values } = readTarget(target);
    for (const kind of this.kinds.all) {
      const beyond = this.beyond.get(keyOf(kind, name));
      if (beyond === undefined) continue;
      const asked = Object.entries({ ...values, tenantId, size }).filter(([each]) => beyond.parameters.includes(each));
      if ((await this.statements.run(beyond, Object.fromEntries(asked), client)).length > 0) return true;
    }
    return false;
  }
}

const keyOf = (kind: ApprovalKind, name: TargetName): string => `${kind.name} ${name}`;

/** SQL: a target's approvals of this kind; undefined where it has none. */
function whereOf(kind: ApprovalKind, name: TargetName): string | undefined {
  const conditions = conditionsOf(kind, name);
  return conditions.length === 0 ? undefined : `tenant_id = :tenantId AND (${conditions.join(' OR ')})`;
}

function prepareRecall(kind: ApprovalKind, name: TargetName): PreparedRecall | undefined {
  const where = whereOf(kind, name);
  if (where === undefined) return undefined;
  const { recallSet: set, onceEnded } = kind.finding;
  return prepareFor(kind.lifecycle).recall({
    name: `recall-${kind.name}-${name}`,
    where: `${where} AND begun_at <= COALESCE(:begunUntil::timestamptz, 'infinity')`,
    set,
    ...onceEnded,
  });
}

function prepareBeyond(kind: ApprovalKind, name: TargetName): Statement | undefined {
  const where = whereOf(kind, name);
  if (where === undefined) return undefined;
  const { lifecycle } = kind;
  const pending = `SELECT true AS found FROM ${lifecycle.approval} WHERE ${where} AND ${isOpen(lifecycle)}`;
  return statement(`recall-beyond-${kind.name}-${name}`, `${pending} OFFSET :size::bigint LIMIT 1`);
}
