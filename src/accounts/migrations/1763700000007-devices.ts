import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The codes by which devices are enrolled. */
export class Devices1763700000007 implements MigrationInterface {
  name = 'Devices1763700000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE activation_code (
        hash bytea PRIMARY KEY,
        tenant_id text NOT NULL,
        user_id text NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT activation_code_user FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_user (tenant_id, user_id) ON DELETE CASCADE
      );
      CREATE INDEX activation_code_expiry ON activation_code (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activation_code');
  }
}
