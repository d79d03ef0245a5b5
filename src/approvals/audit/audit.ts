import { Injectable } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';

/** A call of the administration, as far as it is known when it is written down. */
export interface AuditedCall {
  /** A UUID. */
  readonly callId: string;
  /** Null where the call is of no tenant. */
  readonly tenantId: string | null;
  readonly method: string;
  /** The pattern of the path. */
  readonly route: string;
  readonly actor: string;
  readonly role: string;
  /** Where it came from, as trusted proxies say. */
  readonly address: string;
  readonly requestId: string;
}

/** One row about a call. Hashes are hexadecimal. */
export interface AuditRow {
  /** 1, and 2 where the end of the call has a row of its own. */
  readonly seq: number;
  /** UTC to the microsecond, as it was hashed. */
  readonly at: string;
  /** What the call was about, as JSON and as it was hashed: ids, never secrets, nor what identifies a person elsewhere. */
  readonly target: string;
  /** What the call was answered; null in a row from before that. */
  readonly status: number | null;
  readonly hash: string;
  readonly previousHash: string | null;
}

/** A call with all rows about it. */
export interface ListedCall extends AuditedCall {
  readonly rows: readonly [AuditRow, ...AuditRow[]];
}

/** Which calls are asked for; a null asks for all. */
export interface AuditQuery {
  readonly tenants: readonly string[] | null;
  /** Whether calls of no tenant are among them. */
  readonly withoutTenant: boolean;
  readonly actor: string | null;
  /** From this instant on … */
  readonly from: Date | null;
  /** … and before this one. */
  readonly to: Date | null;
  /** A call's id: those before it, in time. */
  readonly after: string | null;
  readonly limit: number;
}

const write = statement(
  'audit-write',
  `INSERT INTO audit (call_id, seq, tenant_id, method, route, target, status, actor, role, address, at, request_id, previous_hash, hash)
   SELECT *, audit_hash(previous, tenant, call, seq, method, route, target, status, actor, role, address, at, request)
   FROM (
     SELECT :callId::uuid AS call, :seq::integer AS seq, :tenantId::text AS tenant, :method::text AS method,
       :route::text AS route, :target::text AS target, :status::integer AS status, :actor::text AS actor,
       :role::text AS role, :address::text AS address, clock_timestamp() AS at, :requestId::text AS request,
       (SELECT hash FROM audit WHERE call_id = :callId::uuid AND seq = :seq::integer - 1) AS previous
   ) AS written`,
);

const rows = `SELECT json_agg(json_build_object(
    'seq', seq, 'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'target', target, 'status', status,
    'hash', encode(hash, 'hex'), 'previousHash', encode(previous_hash, 'hex')
  ) ORDER BY seq) FROM audit WHERE audit.call_id = call.call_id`;

const list = statement(
  'audit-list',
  `SELECT call_id AS "callId", tenant_id AS "tenantId", method, route, actor, role, address, request_id AS "requestId",
     (${rows}) AS rows
   FROM audit AS call WHERE seq = 1
     AND (:tenants::text[] IS NULL OR tenant_id = ANY(:tenants)) AND (:withoutTenant OR tenant_id IS NOT NULL)
     AND (:actor::text IS NULL OR actor = :actor) AND at >= :from AND at < :to
     AND (:after::uuid IS NULL OR (at, call_id) < (SELECT at, call_id FROM audit WHERE call_id = :after AND seq = 1))
   ORDER BY at DESC, call_id DESC LIMIT :limit`,
);

/**
 * What operators did. Rows are only ever added. The hash of each is SHA-256 over these lines, joined by a line feed and with
 * none at the end, an absent value being an empty line:
 *
 *     admin_call, previousHash, tenant, call, seq, method, route, target, status, actor, role, address, at, requestId
 *
 * They are leaves of the tree whose root is signed each minute, as the rows of history are.
 */
@Injectable()
export class Audit {
  constructor(private readonly statements: Statements) {}

  async write(call: AuditedCall, row: Pick<AuditRow, 'seq' | 'target' | 'status'>): Promise<void> {
    await this.statements.run(write, { ...call, ...row });
  }

  /** Newest first. */
  list({ from, to, ...rest }: AuditQuery): Promise<ListedCall[]> {
    return this.statements.run<ListedCall>(list, { ...rest, from: from ?? '-infinity', to: to ?? 'infinity' });
  }
}
