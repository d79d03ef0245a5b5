import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class Otp1763700000001 implements MigrationInterface {
  name = 'Otp1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE otp_config (
        tenant_id text PRIMARY KEY,
        settings jsonb NOT NULL,
        CONSTRAINT otp_config_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
      );
      CREATE TABLE otp (
        tenant_id text NOT NULL,
        id text NOT NULL,
        status text NOT NULL,
        revision integer NOT NULL,
        head bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        scope text NOT NULL,
        scope_id text,
        method text NOT NULL,
        recipient_hash bytea NOT NULL,
        code_hash bytea NOT NULL,
        sealed bytea,
        attempts integer NOT NULL DEFAULT 0,
        max_attempts integer NOT NULL,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT otp_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE,
        CONSTRAINT otp_status CHECK (status IN ('pending', 'verified', 'consumed', 'failed', 'expired', 'cancelled'))
      );
      CREATE UNIQUE INDEX otp_one_pending ON otp (tenant_id, scope, method, recipient_hash) WHERE status = 'pending';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE otp, otp_config');
  }
}
