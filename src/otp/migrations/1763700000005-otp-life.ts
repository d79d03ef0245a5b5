import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Resending, retrying a create, and the messages that leave. */
export class OtpLife1763700000005 implements MigrationInterface {
  name = 'OtpLife1763700000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp
        ADD COLUMN resends integer NOT NULL DEFAULT 0,
        ADD COLUMN max_resends integer NOT NULL DEFAULT 0,
        ADD COLUMN resend_interval_seconds integer NOT NULL DEFAULT 60,
        ADD COLUMN resend_available_at timestamptz;
      CREATE INDEX otp_expiry ON otp (expires_at) WHERE status = 'pending';

      -- Keys and bodies stand here as keyed hashes.
      CREATE TABLE otp_idempotency (
        tenant_id text NOT NULL,
        key_hash bytea NOT NULL,
        body_hash bytea NOT NULL,
        answer jsonb NOT NULL,
        ends_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key_hash),
        CONSTRAINT otp_idempotency_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
      );
      CREATE INDEX otp_idempotency_end ON otp_idempotency (ends_at);

      CREATE TABLE inbox_message (
        id uuid PRIMARY KEY,
        recipient_hash bytea NOT NULL,
        sealed bytea NOT NULL,
        at timestamptz NOT NULL
      );
      CREATE INDEX inbox_message_listing ON inbox_message (recipient_hash, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE inbox_message, otp_idempotency;
      DROP INDEX otp_expiry;
      ALTER TABLE otp DROP COLUMN resends, DROP COLUMN max_resends,
        DROP COLUMN resend_interval_seconds, DROP COLUMN resend_available_at;
    `);
  }
}
