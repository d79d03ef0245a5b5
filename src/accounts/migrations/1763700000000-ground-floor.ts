import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Tenants and those they know, our keys, the approvals' clock and history, rate limits. */
export class GroundFloor1763700000000 implements MigrationInterface {
  name = 'GroundFloor1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tenant (
        id text PRIMARY KEY,
        name text,
        issuer text CONSTRAINT tenant_issuer_unique UNIQUE,
        jwks_url text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE tenant_token (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL,
        name text NOT NULL,
        hash bytea NOT NULL CONSTRAINT tenant_token_hash_unique UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT tenant_token_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
      );
      CREATE TABLE oauth_client (
        tenant_id text NOT NULL,
        client_id text NOT NULL,
        secret_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, client_id),
        CONSTRAINT oauth_client_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
      );
      CREATE TABLE relying_party (
        client_id text PRIMARY KEY,
        tenant_id text NOT NULL,
        name text NOT NULL,
        jwks jsonb,
        jwks_url text,
        redirect_url text,
        webhook_url text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT relying_party_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE,
        CONSTRAINT relying_party_keys CHECK ((jwks IS NULL) <> (jwks_url IS NULL))
      );
      CREATE TABLE tenant_user (
        tenant_id text NOT NULL,
        user_id text NOT NULL,
        display_name text,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, user_id),
        CONSTRAINT tenant_user_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE
      );
      CREATE TABLE signing_key (
        kid text PRIMARY KEY,
        public_jwk jsonb NOT NULL,
        private_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      );
      CREATE TABLE spent_token (
        audience text NOT NULL,
        jti uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (audience, jti)
      );
      CREATE INDEX spent_token_expiry ON spent_token (expires_at);
      CREATE TABLE rate_limit (
        key text PRIMARY KEY,
        hits integer NOT NULL,
        ends_at timestamptz NOT NULL
      );
      CREATE INDEX rate_limit_end ON rate_limit (ends_at);
    `);
    await runner.query(`
      CREATE TABLE approval_clock (
        single boolean PRIMARY KEY DEFAULT true,
        advance interval NOT NULL,
        CONSTRAINT approval_clock_single CHECK (single)
      );
      INSERT INTO approval_clock (advance) VALUES (interval '0');

      CREATE TABLE history (
        tenant_id text NOT NULL,
        kind text NOT NULL,
        approval text NOT NULL,
        seq integer NOT NULL,
        move text NOT NULL,
        "from" text,
        "to" text NOT NULL,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        request_id text,
        hash bytea NOT NULL,
        previous_hash bytea,
        PRIMARY KEY (tenant_id, approval, kind, seq)
      );
      CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'history is append-only'; END $$;
      CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
        FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();

      CREATE FUNCTION history_hash(
        previous bytea, tenant text, approval text, seq integer, move text, "from" text, "to" text,
        actor text, at timestamptz, request_id text
      ) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          COALESCE(encode(previous, 'hex'), ''), tenant, approval, seq, move, COALESCE("from", ''), "to", actor,
          to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), COALESCE(request_id, '')), 'UTF8'))
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION history_hash;
      DROP TABLE history;
      DROP FUNCTION history_is_append_only;
      DROP TABLE approval_clock, rate_limit, spent_token, signing_key, tenant_user, relying_party, oauth_client, tenant_token, tenant;
    `);
  }
}
