import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { Jobs } from '../platform/jobs/jobs';
import { ApprovalsClock } from './approvals-clock';
import { refusedUntil, requireAdmission } from './begin-statement';
import { Events } from './events/event-queue';
import { now } from './transition-statement';

/** While it is in force, nothing new begins for its subjects (`subjectsOf`). */
export interface Freeze {
  readonly id: string;
  readonly tenantId: string;
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly actor: string;
  /** The recall that it belongs to. */
  readonly recallId: string | null;
  readonly begunAt: Date;
  readonly endsAt: Date;
  /** When it was lifted, or was over; null while it is in force. */
  readonly endedAt: Date | null;
  /** `clock` where its time was over. */
  readonly endedBy: string | null;
}

export interface NewFreeze {
  readonly tenantId: string;
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly actor: string;
  readonly recallId: string | null;
  readonly seconds: number;
}

/** Subjects that are held, with all that is known of the same persons. */
export interface HeldSubjects {
  readonly subjects: readonly string[];
  /** The approvals' clock once they are held, in UTC to the microsecond. */
  readonly at: string;
}

/** Which freezes are asked for. */
export interface FreezeQuery {
  /** Null: of all tenants. */
  readonly tenants: readonly string[] | null;
  readonly inForce: boolean;
  /** A freeze's id: those before it, in time. */
  readonly after: string | null;
  readonly limit: number;
}

const columns = `id, tenant_id AS "tenantId", subjects, reason, actor, recall_id AS "recallId", begun_at AS "begunAt",
  ends_at AS "endsAt",
  CASE WHEN ended_at IS NULL AND ends_at <= ${now} THEN ends_at ELSE ended_at END AS "endedAt",
  CASE WHEN ended_at IS NULL AND ends_at <= ${now} THEN 'clock' ELSE ended_by END AS "endedBy"`;

const hold = statement(
  'freeze-hold',
  `SELECT subjects, to_char((${now}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
   FROM (SELECT approval_hold(:tenantId::text, :subjects::text[]) AS subjects OFFSET 0) AS held`,
);

const begin = statement(
  'freeze-begin',
  `INSERT INTO approval_freeze (id, tenant_id, subjects, reason, actor, recall_id, begun_at, ends_at)
   SELECT :id::uuid, :tenantId, :subjects::text[], :reason, :actor, :recallId::uuid, _now, _now + make_interval(secs => :seconds)
   FROM (SELECT ${now} AS _now) AS clock RETURNING ${columns}`,
);

const lift = statement(
  'freeze-lift',
  `UPDATE approval_freeze SET ended_at = ${now}, ended_by = :actor
   WHERE id = :id::uuid AND (:tenants::text[] IS NULL OR tenant_id = ANY(:tenants)) AND ended_at IS NULL AND ends_at > ${now}
   RETURNING ${columns}`,
);

const endDue = statement(
  'freeze-end-due',
  `UPDATE approval_freeze SET ended_at = ends_at, ended_by = 'clock' WHERE id = ANY (ARRAY(
     SELECT id FROM approval_freeze WHERE ended_at IS NULL AND ends_at <= ${now} LIMIT :size::bigint FOR UPDATE SKIP LOCKED))
   RETURNING ${columns}`,
);

const list = statement(
  'freeze-list',
  `SELECT ${columns} FROM approval_freeze
   WHERE (:tenants::text[] IS NULL OR tenant_id = ANY(:tenants)) AND (NOT :inForce::boolean OR ended_at IS NULL AND ends_at > ${now})
     AND (:after::uuid IS NULL OR (begun_at, id) < (SELECT begun_at, id FROM approval_freeze WHERE id = :after))
   ORDER BY begun_at DESC, id DESC LIMIT :limit`,
);

const find = statement('freeze-find', `SELECT ${columns} FROM approval_freeze WHERE id = :id::uuid`);

const ask = statement('freeze-ask', `SELECT ${refusedUntil()} AS until`);

/** Keeps new approvals from beginning, for a time. */
@Injectable()
export class Freezes implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly events: Events,
    private readonly jobs: Jobs,
    private readonly clock: ApprovalsClock,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('end-freezes', (size) => this.statements.transaction((client) => this.endDue(client, size)));
    this.clock.beforeTransition((client) => this.endDue(client));
  }

  /**
   * Holds subjects until the transaction is over: what has begun for them is committed, and seen by its next statement, and
   * nothing more begins meanwhile. To be called before any approval is locked.
   */
  async hold(tenantId: string, subjects: readonly string[], client: ClientBase): Promise<HeldSubjects> {
    const [held] = await this.statements.run<HeldSubjects>(hold, { tenantId, subjects }, client);
    if (held === undefined) throw new Error('Subjects could not be held');
    return held;
  }

  /** Begins a freeze of these subjects and of all that is known of the same persons, and holds them. */
  async begin({ subjects, ...freeze }: NewFreeze, client: ClientBase): Promise<Freeze> {
    const held = await this.hold(freeze.tenantId, subjects, client);
    const values = { ...freeze, id: randomUUID(), subjects: held.subjects };
    const [begun] = await this.statements.run<Freeze>(begin, values, client);
    if (begun === undefined) throw new Error('A new freeze has not been stored');
    await this.announce('freeze.begun', begun, begun.actor, begun.begunAt, client);
    return begun;
  }

  /**
   * Lifts a freeze.
   * @param tenants of one of which it must be; null: of any
   * @returns undefined where none of this id is in force
   */
  lift(id: string, tenants: readonly string[] | null, actor: string): Promise<Freeze | undefined> {
    return this.statements.transaction(async (client) => {
      const [lifted] = await this.statements.run<Freeze>(lift, { id, tenants, actor }, client);
      if (lifted !== undefined) await this.announceEnd(lifted, client);
      return lifted;
    });
  }

  /** Newest first. */
  list(query: FreezeQuery): Promise<Freeze[]> {
    return this.statements.run<Freeze>(list, { ...query });
  }

  async find(id: string): Promise<Freeze | undefined> {
    const [found] = await this.statements.run<Freeze>(find, { id });
    return found;
  }

  /**
   * Makes sure, for what begins later in this transaction, that nothing of it is frozen. A beginning does so itself; this
   * is for what must not even come before it.
   * @throws Failed `frozen`; `unauthenticated` when the OAuth client is deleted
   */
  async requireNone(
    { tenantId, subjects, actor }: Pick<NewFreeze, 'tenantId' | 'subjects' | 'actor'>,
    client: ClientBase,
  ): Promise<void> {
    const values = { tenantId, subjects, actor };
    const [answer] = await this.statements.run<{ until: Date | number | null }>(ask, values, client);
    requireAdmission(answer?.until ?? null);
  }

  private async endDue(client: ClientBase, size: number | null = null): Promise<number> {
    const ended = await this.statements.run<Freeze>(endDue, { size }, client);
    for (const freeze of ended) await this.announceEnd(freeze, client);
    return ended.length;
  }

  private announceEnd(freeze: Freeze, client: ClientBase): Promise<void> {
    return this.announce('freeze.ended', freeze, freeze.endedBy ?? 'clock', freeze.endedAt ?? freeze.endsAt, client);
  }

  private announce(
    type: 'freeze.begun' | 'freeze.ended',
    { id, tenantId: tenant, recallId: recall, endsAt, reason }: Freeze,
    actor: string,
    at: Date,
    client: ClientBase,
  ): Promise<void> {
    const data = { tenant, id, recall, endsAt: endsAt.toISOString(), actor, reason, at: at.toISOString() };
    return this.events.queue({ type, timestamp: data.at, data }, client);
  }
}
