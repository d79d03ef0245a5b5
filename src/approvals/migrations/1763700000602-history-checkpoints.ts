import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * The rows of history in the order in which they were counted, the Merkle tree over them, and what was signed of it.
 * Counted apart from `history`, which takes no changes, and whose writers shall not wait for a number.
 */
export class HistoryCheckpoints1763700000602 implements MigrationInterface {
  name = 'HistoryCheckpoints1763700000602';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE history_leaf (
        number bigint PRIMARY KEY,
        tenant_id text NOT NULL,
        kind text NOT NULL,
        approval text NOT NULL,
        seq integer NOT NULL,
        at timestamptz NOT NULL,
        hash bytea NOT NULL
      );
      -- Of every eighth height only, from 8 on: the rest is computed from at most 255 hashes.
      CREATE TABLE history_subtree (
        height smallint NOT NULL,
        index bigint NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (height, index)
      );
      CREATE TABLE history_checkpoint (
        number bigint PRIMARY KEY,
        size bigint NOT NULL,
        root bytea NOT NULL,
        at timestamptz NOT NULL,
        complete_until timestamptz,
        previous_hash bytea,
        kid text NOT NULL,
        signature bytea NOT NULL
      );
      CREATE TRIGGER history_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history_leaf
        FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
      CREATE TRIGGER history_subtree_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history_subtree
        FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
      CREATE TRIGGER history_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history_checkpoint
        FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only();
      CREATE TABLE checkpoint_key (
        single boolean PRIMARY KEY DEFAULT true,
        kid text NOT NULL,
        public_jwk jsonb NOT NULL,
        private_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT checkpoint_key_single CHECK (single)
      );
    `);
    // BRIN: an insert into a range that is not summarized yet leaves the index alone. Making it holds writers up until the commit.
    await runner.query(`
      CREATE INDEX history_at ON history USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
      CREATE INDEX history_leaf_at ON history_leaf USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
      INSERT INTO history_leaf
        SELECT row_number() OVER (ORDER BY at, tenant_id, kind, approval, seq) - 1, tenant_id, kind, approval, seq, at,
          sha256('\\x00'::bytea || convert_to(kind || E'\\n' || encode(hash, 'hex'), 'UTF8'))
        FROM history;
      CREATE TABLE history_count (
        single boolean PRIMARY KEY DEFAULT true,
        counted_until timestamptz NOT NULL,
        posted bigint NOT NULL,
        CONSTRAINT history_count_single CHECK (single)
      );
      INSERT INTO history_count (counted_until, posted) VALUES (clock_timestamp() - interval '1 minute', 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX history_at;
      DROP TABLE history_leaf, history_subtree, history_checkpoint, history_count, checkpoint_key;
    `);
  }
}
