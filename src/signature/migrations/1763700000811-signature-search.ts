import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Transactions are found by state, user, and who began and ended them; each the newest first. */
export class SignatureSearch1763700000811 implements MigrationInterface {
  name = 'SignatureSearch1763700000811';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX signature_by_state ON signature (tenant_id, status, begun_at);
      CREATE INDEX signature_by_beginner ON signature (tenant_id, begun_by, status, begun_at);
      CREATE INDEX signature_by_ender ON signature (tenant_id, ended_by, status, begun_at) WHERE ended_by IS NOT NULL;
      CREATE INDEX signature_by_user ON signature (tenant_id, user_id, status, begun_at);
      -- The last of these does what it did.
      DROP INDEX signature_open;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX signature_open ON signature (tenant_id, user_id) WHERE status IN ('waiting', 'delivered');
      DROP INDEX signature_by_state, signature_by_beginner, signature_by_ender, signature_by_user;
    `);
  }
}
