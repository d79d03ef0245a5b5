import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { type ApprovalKind, ApprovalKinds, conditionsOf, readTarget, type Target, type TargetName } from './finding';
import { type Lifecycle } from './lifecycle';
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

  constructor(
    private readonly kinds: ApprovalKinds,
    private readonly engine: LifecycleEngine,
  ) {
    const names: readonly TargetName[] = ['person', 'relyingParty', 'client', 'device', 'approval', 'tenant'];
    for (const kind of kinds.all)
      for (const name of names) this.prepared.set(keyOf(kind, name), prepareRecall(kind, name));
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
}

const keyOf = (kind: ApprovalKind, name: TargetName): string => `${kind.name} ${name}`;

function prepareRecall(kind: ApprovalKind, name: TargetName): PreparedRecall | undefined {
  const conditions = conditionsOf(kind, name);
  if (conditions.length === 0) return undefined;
  const { recallSet: set, onceEnded } = kind.finding;
  return prepareFor(kind.lifecycle).recall({
    name: `recall-${kind.name}-${name}`,
    where: `tenant_id = :tenantId AND (${conditions.join(' OR ')}) AND begun_at <= COALESCE(:begunUntil::timestamptz, 'infinity')`,
    set,
    ...onceEnded,
  });
}
