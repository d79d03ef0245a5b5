import { type Client } from 'pg';

/** So many persons have approvals, each as many; the one with the number n is the user `person-n`. */
export const personCount = (count: number): number => Math.max(10, Math.floor(count / 100));

/** SQL: the keyed hash by which the person with this number is found. */
export const personHash = (number: string): string => `sha256(convert_to('person-' || ${number}, 'UTF8'))`;

const ended = (states: readonly string[]): string =>
  `(ARRAY[${states.map((state) => `'${state}'`).join(', ')}])[1 + n % ${states.length}]`;

/** The last begun are open, up to 1 % of all; the others have ended in one way or another, one a second. */
const columns = 'tenant_id, id, status, revision, head, begun_at, begun_by, ended_at, ended_by, expires_at';

const common = (kind: string, open: string, endedAs: readonly string[], by: string): string =>
  `$1, '${kind}-' || n, CASE WHEN n <= $2 / 100 THEN '${open}' ELSE ${ended(endedAs)} END, 1, '\\x00',
   now() - n * interval '1 second', ${by}, CASE WHEN n > $2 / 100 THEN now() END,
   CASE WHEN n > $2 / 100 THEN CASE n % 3 WHEN 0 THEN 'clock' ELSE ${by} END END, now() + interval '1 hour'`;

const series = 'generate_series(1, $2::int) AS n';

/**
 * Puts as many approvals of each kind straight into the tables of one tenant, without histories: of a hundred clients and
 * relying parties, and a hundred of each person. Only tests and measurements write so.
 * @param client a connection without time-outs
 */
export async function plantMany(client: Client, tenantId: string, countOfEach: number): Promise<void> {
  const person = `(n % ${personCount(countOfEach)})`;
  const values = [tenantId, countOfEach];
  await client.query(
    `INSERT INTO otp (${columns}, scope, method, recipient_hash, code_hash, max_attempts)
     SELECT ${common('otp', 'verified', ['consumed', 'failed', 'expired', 'cancelled'], `'bearer:client-' || n % 100`)},
       'otp_signin', 'email', ${personHash(person)}, '\\x00', 3 FROM ${series}`,
    values,
  );
  await client.query(
    `INSERT INTO signature (${columns}, user_id, devices, signature_seconds, message, pin_required, content_hash)
     SELECT ${common('signature', 'waiting', ['confirmed', 'rejected', 'expired', 'cancelled'], `'bearer:client-' || n % 100`)},
       'person-' || ${person}, jsonb_build_object(${person}::text, 'waiting'), 60, '\\x00', false, '\\x00' FROM ${series}`,
    values,
  );
  await client.query(
    `INSERT INTO sign_request (${columns}, client_id, doc_name, sign_locations, link_hash, exchange_code_hash, intended_signer, signer)
     SELECT ${common('sign', 'pending', ['signed', 'cancelled'], `'relying-party:party-' || n % 100`)},
       'party-' || n % 100, '\\x00', '[]', sha256(convert_to($1 || n, 'UTF8')), '\\x00',
       CASE n % 2 WHEN 0 THEN ${personHash(person)} END, CASE WHEN n % 6 > 0 THEN ${personHash(person)} END FROM ${series}`,
    values,
  );
  await client.query('VACUUM ANALYZE otp, signature, sign_request');
}
