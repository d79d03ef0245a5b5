import { createHash } from 'node:crypto';
import { type ClientBase } from 'pg';
import { type HistoryRow } from '../history';

/** A row of history with all that is hashed of it. */
export interface FullRow extends HistoryRow {
  readonly kind: string;
  readonly tenant: string;
  readonly approval: string;
}

/** A leaf, and the row that it was made of; null where there is none of its name any more. */
export interface Leaf {
  readonly index: number;
  readonly hash: Buffer;
  readonly name: Pick<FullRow, 'kind' | 'tenant' | 'approval' | 'seq'>;
  readonly row: FullRow | null;
}

/** Rows that are read at once. */
const pageSize = 5_000;

const name = (table: string): string => `${table}.kind, ${table}.tenant_id AS tenant, ${table}.approval, ${table}.seq`;

const content = `written.move, written."from", written."to", written.actor, written.request_id AS "requestId", written.reason,
  to_char(written.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
  encode(written.hash, 'hex') AS hash, encode(written.previous_hash, 'hex') AS "previousHash", written.hash_version AS "hashVersion"`;

const leaves = `SELECT leaf.number::float8 AS index, leaf.hash AS leaf, ${name('leaf')}, ${content}
  FROM history_leaf AS leaf LEFT JOIN history AS written USING (tenant_id, approval, kind, seq) ORDER BY leaf.number`;

const uncounted = `SELECT ${name('written')}, ${content}
  FROM history AS written LEFT JOIN history_leaf AS leaf USING (tenant_id, approval, kind, seq)
  WHERE leaf.number IS NULL ORDER BY written.at, tenant_id, approval, kind, seq`;

/** Reads the whole history, as it is at one moment. It needs no right but to read. */
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
    type Read = Omit<FullRow, 'hash'> & { readonly index: number; readonly leaf: Buffer; readonly hash: string | null };
    for await (const { index, leaf, hash, ...rest } of this.read<Read>('leaves', leaves)) {
      const { kind, tenant, approval, seq } = rest;
      const row = hash === null ? null : { ...rest, hash };
      yield { index, hash: leaf, name: { kind, tenant, approval, seq }, row };
    }
  }

  /** The rows that are no leaf, in the order of time. */
  uncounted(): AsyncGenerator<FullRow> {
    return this.read<FullRow>('uncounted', uncounted);
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

/** What a row's hash must be: docs/adr/0003. Hexadecimal. */
export function hashOfRow(row: FullRow): string {
  const { kind, previousHash, tenant, approval, seq, move, from, to, actor, at, requestId, reason, hashVersion } = row;
  const content = [previousHash ?? '', tenant, approval, seq, move, from ?? '', to, actor, at, requestId ?? ''];
  const lines = { 1: content, 2: [kind, ...content], 3: [kind, ...content, reason ?? ''] }[hashVersion];
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
