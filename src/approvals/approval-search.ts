import { Injectable } from '@nestjs/common';
import { literals, statement, type Statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { type ApprovalKind, ApprovalKinds, conditionsOf, readTarget, type Target, type TargetName } from './finding';
import { isIn, isOpen, isOpenState, type Lifecycle, openStates } from './lifecycle';
import { effectiveState, nextTimeout, now, timedOutAt } from './transition-statement';

/** Whose approvals are searched, or by whom they were ended: each has an index of every kind that has it. */
export type SearchTarget = Target | { readonly endedBy: string };

/** Where a page ends: the order is by this, from high to low. */
export interface SearchPosition {
  /** UTC to the microsecond: `2025-01-15T10:30:00.000000Z`. */
  readonly begunAt: string;
  readonly id: string;
  readonly kind: string;
}

export interface Search {
  readonly tenantId: string;
  readonly target: SearchTarget;
  /** A kind's name; all unless given. */
  readonly kind?: string | undefined;
  /** `open`, `ended`, or the name of a state; any unless given. */
  readonly state?: string | undefined;
  /** Begun from this instant on … */
  readonly from?: Date | undefined;
  /** … and before this one. */
  readonly to?: Date | undefined;
  readonly after?: SearchPosition | undefined;
  readonly limit: number;
}

/** An approval as it is at the instant of the search: what is past its time has timed out, written down or not. */
export interface FoundApproval {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  readonly begunAt: Date;
  readonly begunBy: string;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly expiresAt: Date;
  /** By the kind's `Finding`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** When time leads out of its state; null where it does not. */
  readonly timeoutAt: Date | null;
  /** The number of rows in its history, and the hash of the last in hexadecimal. */
  readonly revision: number;
  readonly head: string;
  readonly position: SearchPosition;
}

type SearchName = TargetName | 'endedBy';

/** Finds approvals of all kinds, as the registrations of the APIs say. */
@Injectable()
export class ApprovalSearch {
  private readonly statements = new Map<string, Statement>();

  constructor(
    private readonly kinds: ApprovalKinds,
    private readonly database: Statements,
  ) {
    const targets = ['person', 'relyingParty', 'client', 'device', 'approval', 'tenant'] as const;
    const names: readonly SearchName[] = [...targets, 'endedBy'];
    for (const kind of kinds.all)
      for (const name of names) {
        const conditions = name === 'endedBy' ? ['ended_by = :endedBy::text'] : conditionsOf(kind, name);
        if (conditions.length > 0) this.statements.set(`${kind.name} ${name}`, searchStatement(kind, name, conditions));
      }
  }

  /** Newest first: `limit` at most. */
  async find({ kind, limit, ...search }: Search): Promise<FoundApproval[]> {
    const found: FoundApproval[] = [];
    for (const each of this.kinds.all)
      if (kind === undefined || kind === each.name) found.push(...(await this.findOf(each, { ...search, limit })));
    return found.sort(byPosition).slice(0, limit);
  }

  private async findOf(kind: ApprovalKind, { target, state, from, to, after, ...search }: Search) {
    const [name] = Object.keys(target) as [SearchName];
    const of = this.statements.get(`${kind.name} ${name}`);
    const states = statesOf(kind.lifecycle, state);
    if (of === undefined || states.length === 0) return [];
    const bounds = { from: from ?? '-infinity', to: to ?? 'infinity', afterAt: after?.begunAt ?? 'infinity' };
    const position = { afterId: after?.id ?? '', afterKind: after?.kind ?? '' };
    const bound = 'endedBy' in target ? target : readTarget(target).values;
    const values = { ...search, ...bounds, ...position, states, stored: storedAs(kind.lifecycle, states), ...bound };
    const asked = Object.entries(values).filter(([parameter]) => of.parameters.includes(parameter));
    return this.database.run<FoundApproval>(of, Object.fromEntries(asked));
  }
}

/** The states of a lifecycle that are asked for; none where it has no such state. */
function statesOf(life: Lifecycle, asked: string | undefined): readonly string[] {
  if (asked === 'open') return openStates(life);
  return life.states.filter(
    (each) => asked === undefined || asked === each || (asked === 'ended' && !isOpenState(life, each)),
  );
}

/** The states in which an approval may be stored that is in one of these: time may have led to them. */
function storedAs(life: Lifecycle, states: readonly string[]): string[] {
  const leadsThere = (state: string | undefined): boolean =>
    state !== undefined && (states.includes(state) || leadsThere(life.timeouts[state]?.to));
  return life.states.filter(leadsThere);
}

/**
 * An index has `tenant_id`, the condition's column, `status` and `begun_at`. It is asked for each condition and each stored
 * state, and read from the newest on until there are enough: so it costs the same whatever the state, and however many
 * there are. It has no `id`, by which those of one instant are ordered, so these are all read; an order by both would be
 * made by sorting all that there are, where the planner takes them for few. Each finds only what none before it does.
 */
function searchStatement(
  { name, lifecycle: life, finding }: ApprovalKind,
  by: SearchName,
  conditions: readonly string[],
) {
  const branches = conditions.map((condition, index) => {
    const others = conditions.slice(0, index).map((other) => ` AND (${other}) IS NOT TRUE`);
    return `(SELECT *, ${effectiveState(life, 'instant')} AS state FROM ${life.approval}
      WHERE tenant_id = :tenantId AND ${condition}${others.join('')} AND status = asked.stored
        AND ${effectiveState(life, 'instant')} = ANY(:states::text[])
        AND begun_at >= :from::timestamptz AND begun_at < :to::timestamptz AND begun_at <= :afterAt::timestamptz
        AND (begun_at < :afterAt::timestamptz OR (id COLLATE "C", '${name}') < (:afterId::text, :afterKind::text))
      ORDER BY begun_at DESC FETCH FIRST (:limit::bigint) ROWS WITH TIES)`;
  });
  const hasTimedOut = `${isOpen(life)} AND NOT ${isIn(life, openStates(life), 'state')}`;
  const facts = Object.entries(finding.facts).map(([fact, sql]) => `${literals([fact])}, ${sql}`);
  return statement(
    `search-${name}-${by}`,
    `WITH clock AS MATERIALIZED (SELECT ${now} AS instant), found AS (
       SELECT found.*, instant FROM clock, unnest(:stored::text[]) AS asked (stored), LATERAL (
         ${branches.join(' UNION ALL ')}
       ) AS found ORDER BY begun_at DESC, id COLLATE "C" DESC LIMIT :limit::bigint
     )
     SELECT '${name}' AS kind, id, state, begun_at AS "begunAt", begun_by AS "begunBy",
       CASE WHEN ${hasTimedOut} THEN ${timedOutAt(life)} ELSE ended_at END AS "endedAt",
       CASE WHEN ${hasTimedOut} THEN 'clock' ELSE ended_by END AS "endedBy",
       expires_at AS "expiresAt", json_build_object(${facts.join(', ')}) AS facts,
       ${nextTimeout(life, 'instant')} AS "timeoutAt", revision, encode(head, 'hex') AS head,
       json_build_object('begunAt', to_char(begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'id', id, 'kind', '${name}') AS position
     FROM found`,
  );
}

function byPosition({ position: one }: FoundApproval, { position: other }: FoundApproval): number {
  if (one.begunAt !== other.begunAt) return one.begunAt < other.begunAt ? 1 : -1;
  return Buffer.compare(Buffer.from(other.id), Buffer.from(one.id)) || (one.kind < other.kind ? 1 : -1);
}
