import { Injectable } from '@nestjs/common';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';

/** Which approval: two of different kinds may have the same id. */
export interface ApprovalName {
  readonly tenantId: string;
  /** The lifecycle's name, such as `otp`. */
  readonly kind: string;
  readonly approval: string;
}

/** One transition in an approval's life. Hashes are hexadecimal. */
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
  /** Why it was recalled; null of any other transition. */
  readonly reason: string | null;
  readonly hash: string;
  /** Null at the beginning. */
  readonly previousHash: string | null;
  /** How it was hashed: by version 2 without the reason, by version 1 without the kind of approval too, as all were once. */
  readonly hashVersion: 1 | 2 | 3;
}

const readHistory = statement(
  'history-read',
  `SELECT seq, move, "from", "to", actor,
     to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
     request_id AS "requestId", reason, encode(hash, 'hex') AS hash, encode(previous_hash, 'hex') AS "previousHash",
     hash_version AS "hashVersion"
   FROM history WHERE tenant_id = :tenantId AND approval = :approval AND kind = :kind ORDER BY seq`,
);

/**
 * What became of approvals. Rows are only ever added, and each carries the hash of the one before it, so a row that was
 * changed or taken out shows. The hash is SHA-256 over these lines, joined by a line feed and with none at the end, an
 * absent value being an empty line:
 *
 *     kind, previousHash, tenant, approval, seq, move, from, to, actor, at, requestId, reason
 *
 * so that anyone can check it: `printf '%s\n%s…\n%s' "$kind" "$previousHash" … "$reason" | sha256sum`. Rows of
 * `hashVersion` 2 were hashed without the last line, those of 1 without the first too.
 */
@Injectable()
export class History {
  constructor(private readonly statements: Statements) {}

  /** From its beginning on; empty where there never was such an approval. */
  of({ tenantId, kind, approval }: ApprovalName): Promise<HistoryRow[]> {
    return this.statements.run<HistoryRow>(readHistory, { tenantId, kind, approval });
  }
}
