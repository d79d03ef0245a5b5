import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Transactions to be signed, and the devices that sign them. */
export class Signature1763700000003 implements MigrationInterface {
  name = 'Signature1763700000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE device (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        tenant_id text NOT NULL,
        user_id text NOT NULL,
        name text,
        public_jwk jsonb NOT NULL,
        locked boolean NOT NULL DEFAULT false,
        seen_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT device_user FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_user (tenant_id, user_id) ON DELETE CASCADE
      );
      CREATE INDEX device_of_user ON device (tenant_id, user_id);
      CREATE TABLE signature (
        tenant_id text NOT NULL,
        id text NOT NULL,
        status text NOT NULL,
        revision integer NOT NULL,
        head bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        user_id text NOT NULL,
        devices jsonb NOT NULL,
        signature_seconds integer NOT NULL,
        message text NOT NULL,
        push_message text,
        pin_required boolean NOT NULL,
        callback_url text,
        callback_headers bytea,
        content_hash bytea NOT NULL,
        delivered_at timestamptz,
        decided_by text,
        signature text,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT signature_user FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_user (tenant_id, user_id) ON DELETE CASCADE,
        CONSTRAINT signature_status CHECK (status IN ('waiting', 'delivered', 'confirmed', 'rejected', 'expired', 'cancelled'))
      );
      CREATE INDEX signature_open ON signature (tenant_id, user_id) WHERE status IN ('waiting', 'delivered');
      CREATE INDEX signature_open_until ON signature (expires_at) WHERE status IN ('waiting', 'delivered');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signature, device');
  }
}
