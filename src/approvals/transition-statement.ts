import { queueEnded } from './events/event-queue';
import { InvalidLifecycle, isIn, isOpen, isOpenState, openStates, type Timeout, type Lifecycle } from './lifecycle';

/** Column names and the SQL expressions they get; an expression reads the columns of the locked row and of `from` by their bare names. */
export type Changes = Readonly<Record<string, string>>;

/** One of the transitions a statement may make; the first whose `from` and `when` hold is made. */
export interface Alternative<Transition extends string> {
  /** `lapse` writes down what time has already done. */
  readonly transition: Transition | 'lapse';
  /** A further SQL condition on the locked row. */
  readonly when?: string;
  readonly set?: Changes;
  /** Made by a recall: out of the states that the lifecycle's `recall` names. */
  readonly byRecall?: boolean;
}

export interface TransitionPlan<Transition extends string> {
  /** Names the prepared statement. */
  readonly name: string;
  /** Finds the one approval, by its key and its owner. */
  readonly where: string;
  /**
   * What conditions, `set` and `returning` read besides: SQL of one row with a name, whose columns are none of the
   * approval's. What it locks is locked before the approval. Where it has no row, no approval is found.
   */
  readonly from?: string;
  readonly transitions: readonly (Transition | 'lapse' | Alternative<Transition>)[];
  /** `:reason` is in the history of what it does. */
  readonly withReason?: boolean;
  /** What of the row is answered: name → column. */
  readonly returning?: Readonly<Record<string, string>>;
  /**
   * Further data-modifying CTEs, each run only for what moved: name → SQL that reads `moved`
   * (the row's columns, and `_transition`, `_stored`, `_before`, `_after`, `_now`).
   */
  readonly also?: Readonly<Record<string, string>>;
  /** SQL of type text over a row of `moved`: the topic to be notified once it is committed, null where there is none. */
  readonly notifies?: string;
  /** The loop of this node that has work once something moved and is committed. */
  readonly nudges?: string;
}

/**
 * The transition as one SQL statement, which is what makes it atomic on any node:
 * lock the row (several in one order, so that two statements cannot wait for each other), read the clock *after* the lock is held, work out the effective state, choose the transition,
 * change the row, append to its history, and queue the events of an end. Parameters besides the plan's own: `:actor` and
 * `:requestId`. What ends an approval sets its `ended_at` and `ended_by`, unless the plan's own `set` does.
 *
 * The reason for a refusal comes from the locked row. Asking for it in a second sub-select would show
 * the loser of a race the state from before the winner, because a statement keeps its first snapshot.
 */
export function transitionStatement<State extends string, Transition extends string>(
  life: Lifecycle<State, Transition>,
  plan: TransitionPlan<Transition>,
): string {
  const alternatives = plan.transitions.map((each) =>
    withEnd(life, typeof each === 'string' ? { transition: each } : each),
  );
  refuseRepetition(life, alternatives);
  const changed = [...new Set(alternatives.flatMap(({ set }) => Object.keys(set ?? {})))];
  const returned = Object.entries(plan.returning ?? {}).map(
    ([name, column]) =>
      `, ${changed.includes(column) ? `CASE WHEN moved._transition IS NULL THEN target.${column} ELSE moved.${column} END` : `target.${column}`} AS "${name}"`,
  );
  const table = life.approval;
  const reason = plan.withReason === true ? `CASE WHEN _transition <> 'lapse' THEN :reason::text END` : 'NULL';
  const announced = alternatives.some(({ set }) => set?.ended_at !== undefined) && queueEnded(life, reason);
  const also = Object.entries({ ...(announced && { announced }), ...plan.also });
  const actor = `CASE _transition WHEN 'lapse' THEN 'clock' ELSE :actor::text END`;

  return `
WITH locked AS MATERIALIZED (
  SELECT * FROM ${table}${plan.from === undefined ? '' : `, ${plan.from}`} WHERE ${plan.where} ORDER BY tenant_id, id FOR UPDATE OF ${table}
), clocked AS MATERIALIZED (
  SELECT *, ${now} AS _now FROM locked
), target AS MATERIALIZED (
  SELECT *, ${effectiveState(life, '_now')} AS _before FROM clocked
), chosen AS MATERIALIZED (
  SELECT *, CASE ${alternatives.map((each) => `WHEN ${condition(life, each)} THEN '${each.transition}'`).join(' ')} END AS _transition FROM target
), stepped AS MATERIALIZED (
  SELECT *,
    CASE _transition ${alternatives.map(({ transition }) => `WHEN '${transition}' THEN ${transition === 'lapse' ? '_before' : `'${life.transitions[transition].to}'`}`).join(' ')} END AS _after,
    _before <> status AND _transition <> 'lapse' AS _timed_out
    ${changed.map((column) => `, ${newValue(column, alternatives)} AS _new_${column}`).join('')}
  FROM chosen WHERE _transition IS NOT NULL
), linked AS MATERIALIZED (
  SELECT *, CASE WHEN _timed_out THEN ${link(table, 'head', 'revision + 1', "'lapse'", 'status', '_before', "'clock'", 'NULL')} ELSE head END AS _timeout_head
  FROM stepped
), sealed AS MATERIALIZED (
  SELECT *, revision + _timed_out::int + 1 AS _revision,
    ${link(table, '_timeout_head', 'revision + _timed_out::int + 1', '_transition', "CASE WHEN _transition = 'lapse' THEN status ELSE _before END", '_after', actor, reason)} AS _head
  FROM linked
), moved AS (
  UPDATE ${table} SET status = _after, revision = _revision, head = _head
    ${changed.map((column) => `, ${column} = _new_${column}`).join('')}
  FROM sealed WHERE ${table}.tenant_id = sealed.tenant_id AND ${table}.id = sealed.id
  RETURNING ${table}.*, sealed._transition, sealed.status AS _stored, sealed._before, sealed._after, sealed._now
), recorded AS (
  INSERT INTO history (tenant_id, approval, kind, seq, move, "from", "to", actor, at, request_id, reason, hash, previous_hash, hash_version)
  SELECT tenant_id, id, '${table}', revision + 1, 'lapse', status, _before, 'clock', _now, :requestId::text, NULL, _timeout_head, head, 3
  FROM sealed WHERE _timed_out
  UNION ALL
  SELECT tenant_id, id, '${table}', _revision, _transition, CASE WHEN _transition = 'lapse' THEN status ELSE _before END, _after, ${actor}, _now, :requestId::text, ${reason}, _head, _timeout_head, 3
  FROM sealed
)${also.map(([name, sql]) => `, ${name} AS (\n  ${sql}\n)`).join('')}
SELECT target._before AS before, COALESCE(moved._after, target._before) AS after, moved._transition AS transition, target._now AS at
  ${plan.notifies === undefined ? '' : `, (SELECT ${plan.notifies} FROM (SELECT moved.*) AS notified WHERE _transition IS NOT NULL) AS _topic`}
  ${returned.join('')}
FROM target LEFT JOIN moved ON moved.tenant_id = target.tenant_id AND moved.id = target.id`;
}

/** The approvals' clock: the database's, and the sandbox's offset. */
export const now = `clock_timestamp() + (SELECT advance FROM approval_clock)`;

/** The state as it *is* at an instant: timeouts that are due have happened, in a chain where one leads to the next. */
export function effectiveState(life: Lifecycle, instant: string): string {
  const timeouts = Object.entries(life.timeouts) as [string, Timeout<string>][];
  if (timeouts.length === 0) return 'status';
  return `CASE ${timeouts.map(([state]) => `WHEN status = '${state}' THEN ${timedOut(life, state, instant)}`).join(' ')} ELSE status END`;
}

/** SQL: when the timeout of the effective state at this instant is due; null where that state has none. */
export function nextTimeout(life: Lifecycle, instant: string): string {
  const timeouts = Object.entries(life.timeouts) as [string, Timeout<string>][];
  if (timeouts.length === 0) return 'NULL::timestamptz';
  return `CASE ${effectiveState(life, instant)} ${timeouts.map(([state, { after }]) => `WHEN '${state}' THEN ${after}`).join(' ')} END`;
}

/** SQL: when time ended what is stored as open, where its effective state is an ended one. */
export function timedOutAt(life: Lifecycle): string {
  const cases = openStates(life).flatMap((state) => {
    const columns = timeoutsFrom(life, state);
    return columns.length === 0 ? [] : [`WHEN '${state}' THEN GREATEST(${columns.join(', ')})`];
  });
  return cases.length === 0 ? 'NULL::timestamptz' : `CASE status ${cases.join(' ')} END`;
}

/** The columns of the timeouts that lead from a state to an ended one. */
function timeoutsFrom(life: Lifecycle, state: string): string[] {
  const timeout = isOpenState(life, state) ? life.timeouts[state] : undefined;
  return timeout === undefined ? [] : [timeout.after, ...timeoutsFrom(life, timeout.to)];
}

/**
 * SQL: whether a timeout is due that is not written down. By the time when the statement began, since an index can be
 * asked for that; `transitionStatement` reads the clock again under the lock.
 */
export function isDue(life: Lifecycle): string {
  const timeouts = Object.entries(life.timeouts) as [string, Timeout<string>][];
  const begun = 'statement_timestamp() + (SELECT advance FROM approval_clock)';
  const columns = new Set(timeouts.map(([, { after }]) => after));
  const due = [...columns].map((column) => {
    const states = timeouts.filter(([, { after }]) => after === column).map(([state]) => state);
    return `(${isIn(life, states)} AND ${column} <= ${begun})`;
  });
  return due.join(' OR ');
}

function timedOut(life: Lifecycle, state: string, instant: string): string {
  const timeout = life.timeouts[state];
  if (timeout === undefined) return `'${state}'`;
  return `CASE WHEN ${timeout.after} <= ${instant} THEN ${timedOut(life, timeout.to, instant)} ELSE '${state}' END`;
}

/** What is set goes by the transition's name, so a plan may name each once. */
function refuseRepetition(life: Lifecycle, alternatives: readonly Alternative<string>[]): void {
  const names = alternatives.map(({ transition }) => transition);
  if (new Set(names).size < names.length)
    throw new InvalidLifecycle(life.approval, `a plan repeats one of ${names.join(', ')}`);
}

function condition<Transition extends string>(
  life: Lifecycle<string, Transition>,
  { transition, when, byRecall }: Alternative<Transition>,
): string {
  const holds = when === undefined ? '' : ` AND (${when})`;
  if (transition === 'lapse') return `_before <> status${holds}`;
  if (byRecall === true) return isOpen(life, '_before') + holds;
  return isIn(life, life.transitions[transition].from, '_before') + holds;
}

/** Has what ends an approval say when, and by whom. Time has ended one when it was over, whenever that is written down. */
function withEnd<Transition extends string>(
  life: Lifecycle<string, Transition>,
  alternative: Alternative<Transition>,
): Alternative<Transition> {
  const { transition, set } = alternative;
  if (transition !== 'lapse') {
    if (isOpenState(life, life.transitions[transition].to)) return alternative;
    return { ...alternative, set: { ended_at: '_now', ended_by: ':actor::text', ...set } };
  }
  const ifEnded = (value: string, column: string) =>
    `CASE WHEN ${isOpen(life, '_before')} THEN ${column} ELSE ${value} END`;
  const end = { ended_at: ifEnded(timedOutAt(life), 'ended_at'), ended_by: ifEnded(`'clock'`, 'ended_by') };
  return { ...alternative, set: { ...end, ...set } };
}

function newValue(column: string, alternatives: readonly Alternative<string>[]): string {
  const cases = alternatives.flatMap(({ transition, set }) =>
    set?.[column] ? [`WHEN '${transition}' THEN ${set[column]}`] : [],
  );
  return `CASE _transition ${cases.join(' ')} ELSE ${column} END`;
}

function link(
  kind: string,
  previous: string,
  seq: string,
  transition: string,
  from: string,
  to: string,
  actor: string,
  reason: string,
): string {
  return `history_hash('${kind}', ${previous}, tenant_id, id, ${seq}, ${transition}, ${from}, ${to}, ${actor}, _now, :requestId::text, ${reason})`;
}
