import { createHash } from 'node:crypto';
import { Client } from 'pg';
import { type DataSource } from 'typeorm';
import { type Lifecycle } from '../../src/approvals/lifecycle';
import { type Outcome } from '../../src/approvals/lifecycle-engine';
import { type HistoryRow } from '../../src/approvals/history';
import { type ApprovalKey, plantedTenant } from './approvals';

/** What a caller was answered: the transition it asked for, and the outcome. */
export interface Claim {
  readonly asked: string;
  readonly outcome: Outcome<string, string> | undefined;
}

/**
 * Looks for a broken promise: compares what the callers were answered with the approval's row and history.
 * @returns each contradiction in words; none where the approval had exactly one life
 */
export async function contradictions(
  dataSource: DataSource,
  life: Lifecycle,
  key: ApprovalKey,
  claims: readonly Claim[],
): Promise<string[]> {
  const history = await dataSource.query<HistoryRow[]>(
    `SELECT seq, move, "from", "to", actor, request_id AS "requestId", reason,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       encode(hash, 'hex') AS hash, encode(previous_hash, 'hex') AS "previousHash"
     FROM history WHERE tenant_id = $1 AND approval = $2 AND kind = $3 ORDER BY seq`,
    [key.tenantId, key.id, life.approval],
  );
  const [row] = await dataSource.query<{ status: string; revision: number; head: Buffer }[]>(
    `SELECT status, revision, head FROM ${life.approval} WHERE tenant_id = $1 AND id = $2`,
    [key.tenantId, key.id],
  );
  const last = history.at(-1);
  const found: string[] = [];
  const expect = (holds: boolean, problem: string): unknown => holds || found.push(problem);

  history.forEach((link, index) => {
    const previous = history[index - 1];
    expect(link.seq === index + 1, `row ${link.seq} is not the ${index + 1}th`);
    expect(link.from === (previous?.to ?? null), `row ${link.seq} leads from ${link.from}, not ${previous?.to}`);
    expect(link.previousHash === (previous?.hash ?? null), `row ${link.seq} does not hang on the one before`);
    expect(link.hash === hashOf(life, key, link), `the hash of row ${link.seq} is not that of its content`);
  });
  const ends = history.filter(({ to }) => life.terminal.includes(to));
  expect(ends.length <= 1, `it ended ${ends.length} times: ${ends.map(({ to }) => to).join(', ')}`);
  expect(ends.length === 0 || ends[0] === last, 'something happened after its end');
  expect(row?.status === last?.to, `its state is ${row?.status}, its history ends with ${last?.to}`);
  expect(row?.revision === history.length, `it counts ${row?.revision} transitions, its history ${history.length}`);
  expect(row?.head.toString('hex') === last?.hash, 'its head is not the last hash');

  for (const transition of Object.keys(life.transitions)) {
    const claimed = claims.filter(({ outcome }) => outcome?.transition === transition).length;
    const written = history.filter((link) => link.move === transition).length;
    expect(claimed === written, `${claimed} callers were answered ${transition}, it happened ${written} times`);
  }
  const states = new Set(history.map(({ to }) => to));
  for (const { asked, outcome } of claims)
    expect(
      outcome !== undefined && (outcome.moved || states.has(outcome.before) || isTimedOut(life, outcome.before)),
      `the loser of ${asked} was answered ${outcome?.before}, which it never was`,
    );
  return found;
}

/** Recomputes a link of the chain from what any reader can see. */
function hashOf(life: Lifecycle, key: ApprovalKey, row: HistoryRow): string {
  const { previousHash, seq, move, from, to, actor, at, requestId, reason } = row;
  const parts = [
    life.approval,
    previousHash ?? '',
    key.tenantId,
    key.id,
    seq,
    move,
    from ?? '',
    to,
    actor,
    at,
    requestId ?? '',
    reason ?? '',
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** A timeout has happened whether or not it is written down. */
function isTimedOut(life: Lifecycle, state: string): boolean {
  return Object.values(life.timeouts).some((timeout) => timeout?.to === state);
}

/** The approvals of a database, of whatever kind, whose state, revision and head are not those of their last history row. */
export async function straysIn(databaseUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: kinds } = await client.query<{ kind: string }>(
      `SELECT table_name AS kind FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name IN ('revision', 'head') GROUP BY 1 HAVING count(*) = 2`,
    );
    const strays: string[] = [];
    for (const { kind } of kinds) {
      const { rows } = await client.query<{ stray: string }>(
        `SELECT format('%s %s is %s, its history ends with %s', '${kind}', row.id, row.status, last.to) AS stray
         FROM ${kind} AS row LEFT JOIN LATERAL (
           SELECT "to", seq, hash FROM history
           WHERE tenant_id = row.tenant_id AND approval = row.id AND kind = '${kind}' ORDER BY seq DESC LIMIT 1
         ) AS last ON true
         WHERE NOT (row.tenant_id = '${plantedTenant}' AND row.revision = 0)
           AND (row.status, row.revision, row.head) IS DISTINCT FROM (last.to, last.seq, last.hash)`,
      );
      strays.push(...rows.map(({ stray }) => stray));
    }
    return strays;
  } finally {
    await client.end();
  }
}
