import { Failed } from '../platform/envelope/failure';
import { queueBegun } from './events/event-queue';
import { type Lifecycle } from './lifecycle';
import { now } from './transition-statement';

export interface BeginPlan {
  /** Names the prepared statement. */
  readonly name: string;
  /** Whose approval it is: a table and the condition that finds the one row, which is locked against deletion. */
  readonly owner: string;
  /** SQL of type text[]: subjects of the approval besides `:subjects`. */
  readonly subjects?: string;
  /** Beginnings of one owner take turns, so that a limit which `from` counts holds. */
  readonly inTurn?: boolean;
  /** The columns of the new row besides the engine's own, and their SQL; `_now` is the approvals' clock. */
  readonly values: Readonly<Record<string, string>>;
  /** What `values` read besides: SQL of a row with a name. Nothing begins where there is none. It may read `owner`. */
  readonly from?: string;
  /** What of the row is answered: name → column. */
  readonly returning?: Readonly<Record<string, string>>;
  /** Makes nothing where the key is taken, or was by an approval that has been deleted since. */
  readonly unlessTaken?: boolean;
  /** Further data-modifying CTEs that read `begun`, the new row: name → SQL. */
  readonly also?: Readonly<Record<string, string>>;
  /** SQL of type text over `begun`: the topic to be notified once it is committed. */
  readonly notifies?: string;
  /** The loop of this node that has work once this is committed. */
  readonly nudges?: string;
}

/**
 * An approval's beginning as one SQL statement: the row in its initial state, the first row of its history, and the events
 * that its tenant wants. It begins after it has made sure, under shared locks, that no subject is frozen: whatever holds the
 * subjects (`Freezes.hold`) sees it committed, or is seen by it. The owner is locked after the subjects, as deletions do.
 * Parameters besides the plan's own: `:tenantId`, `:id`, `:subjects`, `:actor` and `:requestId`. Answers no row where there is no owner;
 * `_begun` says whether anything began, `_refused` until when nothing may.
 */
export function beginStatement(life: Lifecycle, plan: BeginPlan): string {
  const columns = Object.keys(plan.values);
  const returned = Object.entries(plan.returning ?? {});
  return `
WITH admission AS MATERIALIZED (
  SELECT ${refusedUntil(plan.subjects)} AS _refused
), owner AS MATERIALIZED (
  SELECT FROM ${plan.owner} AND (SELECT true FROM admission) FOR ${plan.inTurn === true ? 'NO KEY UPDATE' : 'KEY SHARE'}
), clock AS MATERIALIZED (
  SELECT *, history_hash('${life.approval}', NULL, :tenantId::text, :id::text, 1, 'begin', NULL, '${life.initial}', :actor::text, _now, :requestId::text, NULL) AS _head
  FROM (SELECT _refused, ${now} AS _now FROM admission, owner) AS clock
), begun AS (
  INSERT INTO ${life.approval} (tenant_id, id, status, revision, head, begun_at, begun_by${columns.map((column) => `, ${column}`).join('')})
  SELECT :tenantId::text, :id::text, '${life.initial}', 1, _head, _now, :actor::text${columns.map((column) => `, ${plan.values[column] ?? ''}`).join('')}
  FROM owner, clock${plan.from === undefined ? '' : `, ${plan.from}`} WHERE _refused IS NULL ${plan.unlessTaken === true ? unlessTaken(life) : ''}
  RETURNING *
), recorded AS (
  INSERT INTO history (tenant_id, approval, kind, seq, move, "from", "to", actor, at, request_id, hash, previous_hash, hash_version)
  SELECT tenant_id, id, '${life.approval}', 1, 'begin', NULL, status, :actor::text, _now, :requestId::text, head, NULL, 3 FROM begun, clock
), announced AS (
  ${queueBegun(life)}
)${Object.entries(plan.also ?? {})
    .map(([name, sql]) => `, ${name} AS (\n  ${sql}\n)`)
    .join('')}
SELECT _now AS at, begun.id IS NOT NULL AS _begun, _refused${plan.notifies === undefined ? '' : `, (SELECT ${plan.notifies} FROM (SELECT begun.*) AS notified) AS _topic`}${returned.map(([name, column]) => `, begun.${column} AS "${name}"`).join('')} FROM owner CROSS JOIN clock LEFT JOIN begun ON true`;
}

/** History outlives approvals, and its chain must not be begun twice. */
function unlessTaken(life: Lifecycle): string {
  return `AND NOT EXISTS (
    SELECT 1 FROM history WHERE tenant_id = :tenantId AND approval = :id AND kind = '${life.approval}'
  ) ON CONFLICT (tenant_id, id) DO NOTHING`;
}

/**
 * SQL: until when nothing may begin for `:subjects`, nor for the client or relying party that `:actor` is; null where it may,
 * until this transaction is over.
 * @param more SQL of type text[]: further subjects
 */
export function refusedUntil(more = `'{}'::text[]`): string {
  const actor = `regexp_replace(:actor::text, '^bearer:', 'client:')`;
  return `approval_frozen(:tenantId::text, :subjects::text[] || ${more} || ${actor})`;
}

/**
 * @param until as the database answers `refusedUntil`: for ever where it is infinite
 * @throws Failed `frozen`; `unauthenticated` when the OAuth client that begins it has been deleted
 */
export function requireAdmission(until: Date | number | null): void {
  if (until === Infinity) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
  if (until !== null) throw new Failed({ kind: 'frozen' });
}
