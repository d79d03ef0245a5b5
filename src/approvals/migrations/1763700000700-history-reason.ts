import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The reason of a recall is part of history, and hashed. Rows there are keep their hashes, and their versions. */
export class HistoryReason1763700000700 implements MigrationInterface {
  name = 'HistoryReason1763700000700';

  async up(runner: QueryRunner): Promise<void> {
    // The functions of versions 1 and 2 serve nodes of an older version until they are stopped.
    await runner.query(`
      ALTER TABLE history ADD COLUMN reason text;
      CREATE FUNCTION history_hash(
        kind text, previous bytea, tenant text, approval text, seq integer, move text, "from" text, "to" text,
        actor text, at timestamptz, request_id text, reason text
      ) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(convert_to(concat_ws(E'\\n',
          kind, COALESCE(encode(previous, 'hex'), ''), tenant, approval, seq, move, COALESCE("from", ''), "to", actor,
          to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), COALESCE(request_id, ''), COALESCE(reason, '')), 'UTF8'))
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION history_hash(text, bytea, text, text, integer, text, text, text, text, timestamptz, text, text);
      ALTER TABLE history DROP COLUMN reason;
    `);
  }
}
