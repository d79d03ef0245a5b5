import { createHash } from 'node:crypto';
import { type ClientBase } from 'pg';
import { type HistoryRow } from '../history';

/** A row of history or of audit: two of different kinds may have the same id. */
export interface RowName {
  /** What it is about: a kind of approval, or `admin_call`. */
  readonly kind: string;
  /** Empty where a call is of no tenant. */
  readonly tenant: string;
  /** The id of the approval, or of the call. */
  readonly approval: string;
  readonly seq: number;
}

/** What is verified of a row. */
export interface WrittenRow extends RowName {
  readonly at: string;
  /** As it is kept … */
  readonly hash: string;
  /** … and as it must be. Both hexadecimal. */
  readonly expectedHash: string;
}

/** A leaf, and the row that it was made of; null where there is none of its name any more. */
export interface Leaf {
  readonly index: number;
  readonly hash: Buffer;
  readonly name: RowName;
  readonly row: WrittenRow | null;
}

/** The kind of the rows of audit. */
const adminCall = 'admin_call';

/** Rows that are read at once. */
const pageSize = 5_000;

const leafName = 'leaf.kind, leaf.tenant_id AS tenant, leaf.approval, leaf.seq';

/** UTC to the microsecond, as it was hashed. */
const instantOf = (table: string): string => `to_char(${table}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const historyContent = `written.move, written."from", written."to", written.actor, written.request_id AS "requestId", written.reason,
  ${instantOf('written')} AS at, encode(written.hash, 'hex') AS hash, encode(written.previous_hash, 'hex') AS "previousHash",
  written.hash_version AS "hashVersion"`;

const auditContent = `json_build_object('previousHash', encode(audit.previous_hash, 'hex'), 'tenant', audit.tenant_id,
  'callId', audit.call_id, 'seq', audit.seq, 'method', audit.method, 'route', audit.route, 'target', audit.target,
  'status', audit.status, 'actor', audit.actor, 'role', audit.role, 'address', audit.address, 'at', ${instantOf('audit')},
  'requestId', audit.request_id, 'hash', encode(audit.hash, 'hex'))`;

const leafOfCall = `leaf.kind = '${adminCall}' AND leaf.approval = audit.call_id::text AND leaf.seq = audit.seq
  AND leaf.tenant_id = COALESCE(audit.tenant_id, '')`;

const leaves = `SELECT leaf.number::float8 AS index, leaf.hash AS leaf, ${leafName}, ${historyContent},
    CASE WHEN audit.call_id IS NOT NULL THEN ${auditContent} END AS call
  FROM history_leaf AS leaf LEFT JOIN history AS written USING (tenant_id, approval, kind, seq)
    LEFT JOIN audit ON ${leafOfCall} ORDER BY leaf.number`;

const uncounted = `SELECT written.kind, written.tenant_id AS tenant, written.approval, written.seq, ${historyContent}
  FROM history AS written LEFT JOIN history_leaf AS leaf USING (tenant_id, approval, kind, seq)
  WHERE leaf.number IS NULL ORDER BY written.at, tenant_id, approval, kind, seq`;

const uncountedCalls = `SELECT ${auditContent} AS call
  FROM audit LEFT JOIN history_leaf AS leaf ON ${leafOfCall} WHERE leaf.number IS NULL ORDER BY audit.at, call_id, audit.seq`;

type KeptHistory = RowName & HistoryRow;

/** A row of audit with all that is hashed of it. */
interface KeptCall {
  readonly previousHash: string | null;
  readonly tenant: string | null;
  readonly callId: string;
  readonly seq: number;
  readonly method: string;
  readonly route: string;
  readonly target: string;
  readonly status: number | null;
  readonly actor: string;
  readonly role: string;
  readonly address: string;
  readonly at: string;
  readonly requestId: string;
  readonly hash: string;
}

/** Reads all of history and audit, as they are at one moment. It needs no right but to read. */
export class HistoryReader {
  constructor(private readonly client: ClientBase) {}

  /** What `work` reads is of the same moment. */
  async atOneMoment<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work();
    await this.client.query('COMMIT');
    return result;
  }

  /** All leaves, in their order. */
  async *leaves(): AsyncGenerator<Leaf> {
    type Kept = Omit<KeptHistory, 'hash'> & { readonly hash: string | null };
    type Read = Kept & { readonly index: number; readonly leaf: Buffer; readonly call: KeptCall | null };
    for await (const { index, leaf, call, hash, ...rest } of this.read<Read>('leaves', leaves)) {
      const { kind, tenant, approval, seq } = rest;
      const ofHistory = hash === null ? null : writtenInHistory({ ...rest, hash });
      yield {
        index,
        hash: leaf,
        name: { kind, tenant, approval, seq },
        row: call === null ? ofHistory : writtenInAudit(call),
      };
    }
  }

  /** The rows that are no leaf: those of history in the order of time, then those of audit. */
  async *uncounted(): AsyncGenerator<WrittenRow> {
    for await (const row of this.read<KeptHistory>('uncounted', uncounted)) yield writtenInHistory(row);
    for await (const { call } of this.read<{ call: KeptCall }>('uncounted_calls', uncountedCalls))
      yield writtenInAudit(call);
  }

  private async *read<Row extends object>(cursor: string, sql: string): AsyncGenerator<Row> {
    await this.client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
    for (;;) {
      const { rows } = await this.client.query<Row>(`FETCH ${pageSize} FROM ${cursor}`);
      yield* rows;
      if (rows.length < pageSize) return;
    }
  }
}

function writtenInHistory(row: KeptHistory): WrittenRow {
  const { kind, tenant, approval, seq, at, hash } = row;
  return { kind, tenant, approval, seq, at, hash, expectedHash: expectedHashOf(row) };
}

/** What the hash of a row of history must be: docs/adr/0003. */
export function expectedHashOf(row: RowName & HistoryRow): string {
  const { kind, previousHash, tenant, approval, seq, move, from, to, actor, at, requestId, reason } = row;
  const content = [previousHash ?? '', tenant, approval, seq, move, from ?? '', to, actor, at, requestId ?? ''];
  const lines = { 1: content, 2: [kind, ...content], 3: [kind, ...content, reason ?? ''] }[row.hashVersion];
  return sha256(lines);
}

/** What its hash must be: docs/adr/0035. */
function writtenInAudit(row: KeptCall): WrittenRow {
  const { previousHash, tenant, callId, seq, method, route, target, status, actor, role, address, at, requestId } = row;
  const call = [tenant ?? '', callId, seq, method, route, target, status ?? '', actor, role, address, at, requestId];
  const expectedHash = sha256([adminCall, previousHash ?? '', ...call]);
  return { kind: adminCall, tenant: tenant ?? '', approval: callId, seq, at, hash: row.hash, expectedHash };
}

const sha256 = (lines: readonly (string | number)[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex');
