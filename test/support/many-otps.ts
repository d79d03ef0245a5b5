import { type DataSource } from 'typeorm';

/** Begins so many OTPs of a tenant, each of a recipient of its own, in one statement of SQL, with their histories. */
export async function beginMany(dataSource: DataSource, tenantId: string, count: number, actor = 'bearer:backend') {
  await dataSource.query(
    `WITH made AS (
       SELECT 'many-' || gen_random_uuid() AS id, clock_timestamp() AS at FROM generate_series(1, $2)
     ), hashed AS MATERIALIZED (
       SELECT *, history_hash('otp', NULL, $1, id, 1, 'begin', NULL, 'pending', $3, at, NULL, NULL) AS head FROM made
     ), begun AS (
       INSERT INTO otp (tenant_id, id, status, revision, head, begun_at, begun_by, scope, method, recipient_hash, code_hash,
         sealed, max_attempts, expires_at)
       SELECT $1, id, 'pending', 1, head, at, $3, 'otp_signin', 'email', sha256(convert_to(id, 'UTF8')), '\\x00', '\\x00', 3,
         at + interval '1 hour'
       FROM hashed
     )
     INSERT INTO history (tenant_id, approval, kind, seq, move, "to", actor, at, hash, hash_version)
     SELECT $1, id, 'otp', 1, 'begin', 'pending', $3, at, head, 3 FROM hashed`,
    [tenantId, count, actor],
  );
}
