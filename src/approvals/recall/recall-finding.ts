import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement, type Statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type ApprovalKind, ApprovalKinds, conditionsOf, readTarget, type Target, type TargetName } from '../finding';
import { isIn, isOpen, isOpenState, openStates } from '../lifecycle';
import { effectiveState, now, timedOutAt } from '../transition-statement';
import { type KindProgress, type MetApproval } from './recall.entity';

/** How many that had ended already are answered of each kind. */
const endedShown = 20;

/** What is read of the approvals of one kind for one kind of target. */
interface Reading {
  readonly kind: ApprovalKind;
  /** What is stored as pending: the effective state, and since when it is in it; null where that is a pending one. */
  readonly pending: Statement;
  readonly count: Statement;
  /** Those of the last begun that have ended, without the ids `:met`. */
  readonly ended: Statement;
}

interface Found {
  readonly id: string;
  readonly state: string;
  readonly at: Date | null;
}

/** Reads what a recall would end, or finds ended. */
@Injectable()
export class RecallFinding {
  private readonly readings: ReadonlyMap<TargetName, readonly Reading[]>;

  constructor(
    private readonly statements: Statements,
    kinds: ApprovalKinds,
  ) {
    const names: readonly TargetName[] = ['person', 'approval', 'relyingParty', 'client', 'device', 'tenant'];
    this.readings = new Map(names.map((name) => [name, kinds.all.flatMap((kind) => readingOf(kind, name))]));
  }

  /** The kinds of approvals that have such targets. */
  kindsWith(target: TargetName): string[] {
    return this.of(target).map(({ kind }) => kind.name);
  }

  /** What a recall would end at this instant, or find past its time. */
  async pending(tenantId: string, target: Target, kinds: readonly string[], at: Date, client: ClientBase) {
    const found: MetApproval[] = [];
    for (const { kind, pending } of this.of(readTarget(target).name, kinds))
      for (const row of await this.read<Found>(pending, tenantId, target, client)) found.push(foreseen(kind, row, at));
    return found;
  }

  /** How many of each kind are pending, of those that began until an instant; of all where it is left out. */
  async count(
    tenantId: string,
    target: Target,
    { kinds, begunUntil = null }: { readonly kinds: readonly string[]; readonly begunUntil?: string | null },
    client: ClientBase,
  ): Promise<KindProgress[]> {
    const counted: KindProgress[] = [];
    for (const { kind, count } of this.of(readTarget(target).name, kinds)) {
      const [found] = await this.read<{ total: number }>(count, tenantId, target, client, { begunUntil });
      counted.push({ kind: kind.name, total: found?.total ?? 0, done: 0 });
    }
    return counted;
  }

  /** The last begun of each kind that have ended, other than those `met`. */
  async ended(
    tenantId: string,
    target: Target,
    kinds: readonly string[],
    met: readonly MetApproval[],
    client: ClientBase,
  ): Promise<MetApproval[]> {
    const found: MetApproval[] = [];
    for (const { kind, ended } of this.of(readTarget(target).name, kinds)) {
      const ids = met.filter((each) => each.kind === kind.name).map(({ id }) => id);
      const rows = await this.read<Found>(ended, tenantId, target, client, { met: ids });
      found.push(...rows.map((row) => hadEnded(kind, row)));
    }
    return found;
  }

  private of(target: TargetName, kinds?: readonly string[]): Reading[] {
    const readings = this.readings.get(target) ?? [];
    return readings.filter(({ kind }) => kinds?.includes(kind.name) !== false);
  }

  private read<Row>(
    of: Statement,
    tenantId: string,
    target: Target,
    client: ClientBase,
    others: Readonly<Record<string, unknown>> = {},
  ): Promise<Row[]> {
    const values = Object.entries({ ...readTarget(target).values, tenantId });
    const asked = Object.fromEntries(values.filter(([name]) => of.parameters.includes(name)));
    return this.statements.run<Row>(of, { ...asked, ...others }, client);
  }
}

function readingOf(kind: ApprovalKind, target: TargetName): Reading[] {
  const conditions = conditionsOf(kind, target);
  if (conditions.length === 0) return [];
  const life = kind.lifecycle;
  const where = `tenant_id = :tenantId AND (${conditions.join(' OR ')})`;
  const named = (what: string): string => `recall-${what}-${kind.name}-${target}`;
  const found = `
    WITH clock AS MATERIALIZED (SELECT ${now} AS instant), found AS (
      SELECT *, ${effectiveState(life, 'instant')} AS state FROM ${life.approval}, clock WHERE ${where} AND ${isOpen(life)})`;
  const isPending = isIn(life, openStates(life), 'state');
  return [
    {
      kind,
      pending: statement(
        named('pending'),
        `${found} SELECT id, state, CASE WHEN NOT ${isPending} THEN ${timedOutAt(life)} END AS at FROM found ORDER BY begun_at DESC, id`,
      ),
      count: statement(
        named('count'),
        `${found} SELECT count(*)::int AS total FROM found
         WHERE ${isPending} AND begun_at <= COALESCE(:begunUntil::timestamptz, 'infinity')`,
      ),
      ended: statement(
        named('ended'),
        `SELECT id, status AS state, ended_at AS at FROM ${life.approval}
         WHERE ${where} AND NOT (${isOpen(life)}) AND id <> ALL(:met::text[]) ORDER BY begun_at DESC, id LIMIT ${endedShown}`,
      ),
    },
  ];
}

function hadEnded({ name }: ApprovalKind, { id, state, at }: Found): MetApproval {
  return { kind: name, id, before: state, after: state, ended: false, at: at && at.toISOString() };
}

function foreseen(kind: ApprovalKind, found: Found, at: Date): MetApproval {
  const { recall, transitions } = kind.lifecycle;
  if (!isOpenState(kind.lifecycle, found.state)) return hadEnded(kind, found);
  const after = transitions[recall.transition]?.to ?? found.state;
  return { ...hadEnded(kind, { ...found, at }), after, ended: true };
}
