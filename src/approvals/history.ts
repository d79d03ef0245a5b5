import { Injectable } from '@nestjs/common';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';

/** One move in an approval's life. Hashes are hexadecimal. */
export interface HistoryRow {
  readonly seq: number;
  readonly move: string;
  /** Null at the beginning. */
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  /** UTC to the microsecond, as it was hashed: `2025-01-15T10:30:00.000000Z`. */
  readonly at: string;
  readonly requestId: string | null;
  readonly hash: string;
  /** Null at the beginning. */
  readonly previousHash: string | null;
}

const readHistory = statement(
  'history-read',
  `SELECT seq, move, "from", "to", actor,
     to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
     request_id AS "requestId", encode(hash, 'hex') AS hash, encode(previous_hash, 'hex') AS "previousHash"
   FROM history WHERE tenant_id = :tenantId AND approval = :approval ORDER BY kind, seq`,
);

/**
 * What became of approvals. Rows are only ever added, and each carries the hash of the one before it, so a row that was
 * changed or taken out shows. The hash is SHA-256 over these lines, joined by a line feed and with none at the end, an
 * absent value being an empty line:
 *
 *     previousHash, tenant, approval, seq, move, from, to, actor, at, requestId
 *
 * so that anybody can check it: `printf '%s\n%s…\n%s' "$previousHash" … "$requestId" | sha256sum`.
 */
@Injectable()
export class History {
  constructor(private readonly statements: Statements) {}

  /** From its beginning on; empty where there never was such an approval. */
  of(tenantId: string, approval: string): Promise<HistoryRow[]> {
    return this.statements.run<HistoryRow>(readHistory, { tenantId, approval });
  }
}
