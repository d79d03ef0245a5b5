import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Recalls: what was to be ended, by whom and why, and how far that is. */
export class Recall1763700000760 implements MigrationInterface {
  name = 'Recall1763700000760';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recall (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL,
        target jsonb NOT NULL,
        kinds text[] NOT NULL,
        reason text NOT NULL,
        actor text NOT NULL,
        state text NOT NULL,
        begun_at timestamptz NOT NULL,
        ended_at timestamptz,
        progress jsonb NOT NULL,
        approvals jsonb,
        key_hash bytea,
        body_hash bytea,
        CONSTRAINT recall_state CHECK (state IN ('running', 'done', 'cancelled')),
        CONSTRAINT recall_end CHECK ((state = 'running') = (ended_at IS NULL)),
        CONSTRAINT recall_key_unique UNIQUE (tenant_id, key_hash)
      );
      CREATE INDEX recall_of_tenant ON recall (tenant_id, id);
      CREATE INDEX recall_running ON recall (id) WHERE state = 'running';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recall');
  }
}
