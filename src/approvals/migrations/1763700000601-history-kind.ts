import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The kind of approval is hashed too. Rows there are keep their hashes, and say so: version 1. */
export class HistoryKind1763700000601 implements MigrationInterface {
  name = 'HistoryKind1763700000601';

  async up(runner: QueryRunner): Promise<void> {
    // The function of version 1, and the default, serve nodes of an older version until they are stopped.
    await runner.query(`
      ALTER TABLE history ADD COLUMN hash_version smallint NOT NULL DEFAULT 1;
      CREATE FUNCTION history_hash(
        kind text, previous bytea, tenant text, approval text, seq integer, move text, "from" text, "to" text,
        actor text, at timestamptz, request_id text
      ) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          kind, COALESCE(encode(previous, 'hex'), ''), tenant, approval, seq, move, COALESCE("from", ''), "to", actor,
          to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), COALESCE(request_id, '')), 'UTF8'))
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION history_hash(text, bytea, text, text, integer, text, text, text, text, timestamptz, text);
      ALTER TABLE history DROP COLUMN hash_version;
    `);
  }
}
