import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What operators did: rows like those of history, counted as leaves of the same tree. */
export class Audit1763700000721 implements MigrationInterface {
  name = 'Audit1763700000721';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit (
        call_id uuid NOT NULL,
        seq integer NOT NULL,
        tenant_id text,
        method text NOT NULL,
        route text NOT NULL,
        target text NOT NULL,
        status integer,
        actor text NOT NULL,
        role text NOT NULL,
        address text NOT NULL,
        at timestamptz NOT NULL,
        request_id text NOT NULL,
        hash bytea NOT NULL,
        previous_hash bytea,
        PRIMARY KEY (call_id, seq)
      );
      CREATE INDEX audit_at ON audit (at, call_id);
      CREATE INDEX audit_tenant ON audit (tenant_id, at, call_id);
      CREATE INDEX audit_actor ON audit (actor, at, call_id);
      CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
      CREATE FUNCTION audit_hash(
        previous bytea, tenant text, call_id uuid, seq integer, method text, route text, target text, status integer,
        actor text, role text, address text, at timestamptz, request_id text
      ) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          'admin_call', COALESCE(encode(previous, 'hex'), ''), COALESCE(tenant, ''), call_id, seq, method, route, target,
          COALESCE(status::text, ''), actor, role, address,
          to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), request_id), 'UTF8'))
      $$;
      CREATE VIEW history_and_audit AS
        SELECT tenant_id, kind, approval, seq, at, hash FROM history
        UNION ALL
        SELECT COALESCE(tenant_id, ''), 'admin_call', call_id::text, seq, at, hash FROM audit;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP VIEW history_and_audit;
      DROP FUNCTION audit_hash;
      DROP TABLE audit;
    `);
  }
}
