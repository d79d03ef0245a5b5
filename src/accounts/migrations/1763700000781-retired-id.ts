import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Table, kind, column of the id, and of the tenant within which it is unique. */
const retiring = [
  ['tenant', 'tenant', 'id', ''],
  ['relying_party', 'relying-party', 'client_id', ''],
  ['tenant_user', 'user', 'user_id', 'tenant_id'],
  ['oauth_client', 'oauth-client', 'client_id', 'tenant_id'],
] as const;

/**
 * The ids of what has been deleted, and what refuses to register another under one. It looks after the insert: that has
 * waited for a deletion under way, whose retired id a function sees as soon as it is committed.
 */
export class RetiredId1763700000781 implements MigrationInterface {
  name = 'RetiredId1763700000781';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE retired_id (
        kind text NOT NULL CONSTRAINT retired_id_kind CHECK (kind IN ('tenant', 'user', 'relying-party', 'oauth-client')),
        tenant_id text NOT NULL,
        id text NOT NULL,
        retired_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (kind, tenant_id, id)
      );
      CREATE FUNCTION refuse_retired_id() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE registered jsonb := to_jsonb(NEW);
        BEGIN
          IF EXISTS (SELECT FROM retired_id WHERE kind = TG_ARGV[0]
            AND tenant_id = COALESCE(registered ->> TG_ARGV[2], '') AND id = registered ->> TG_ARGV[1])
          THEN RAISE EXCEPTION 'the id is retired' USING ERRCODE = 'unique_violation', CONSTRAINT = 'retired_id';
          END IF;
          RETURN NULL;
        END $$;
    `);
    for (const [table, ...args] of retiring)
      await runner.query(`
        CREATE TRIGGER retired_id AFTER INSERT ON ${table}
          FOR EACH ROW EXECUTE FUNCTION refuse_retired_id(${args.map((each) => `'${each}'`).join(', ')})
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table] of retiring) await runner.query(`DROP TRIGGER retired_id ON ${table}`);
    await runner.query(`
      DROP FUNCTION refuse_retired_id;
      DROP TABLE retired_id;
    `);
  }
}
