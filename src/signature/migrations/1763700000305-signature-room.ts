import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Whether a user, and a tenant, may have one more open transaction. */
export class SignatureRoom1763700000305 implements MigrationInterface {
  name = 'SignatureRoom1763700000305';

  async up(runner: QueryRunner): Promise<void> {
    // Volatile, so that each call sees what has been committed before it. Counting ends at the limit.
    await runner.query(`
      CREATE FUNCTION signature_has_room(tenant text, addressed text, per_user integer, per_tenant integer)
      RETURNS boolean LANGUAGE sql VOLATILE AS $$
        SELECT (SELECT count(*) FROM (
            SELECT FROM signature WHERE tenant_id = tenant AND user_id = addressed
              AND status IN ('waiting', 'delivered') AND expires_at > clock_timestamp() + (SELECT advance FROM approval_clock) LIMIT per_user
          ) AS theirs) < per_user
          AND (SELECT count(*) FROM (
            SELECT FROM signature WHERE tenant_id = tenant
              AND status IN ('waiting', 'delivered')
              AND expires_at > clock_timestamp() + (SELECT advance FROM approval_clock) LIMIT per_tenant
          ) AS all_of_them) < per_tenant
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION signature_has_room');
  }
}
