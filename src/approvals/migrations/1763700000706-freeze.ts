import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Freezes: while one is in force, nothing new begins for its subjects. */
export class Freeze1763700000706 implements MigrationInterface {
  name = 'Freeze1763700000706';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE approval_freeze (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL,
        subjects text[] NOT NULL,
        reason text NOT NULL,
        actor text NOT NULL,
        recall_id uuid,
        begun_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        ended_at timestamptz,
        ended_by text,
        CONSTRAINT approval_freeze_end CHECK ((ended_at IS NULL) = (ended_by IS NULL))
      );
      CREATE INDEX approval_freeze_in_force ON approval_freeze USING gin (subjects) WHERE ended_at IS NULL;
      CREATE INDEX approval_freeze_over ON approval_freeze (ends_at) WHERE ended_at IS NULL;
      CREATE INDEX approval_freeze_listing ON approval_freeze (tenant_id, begun_at, id);

      -- All subjects that are the same person's, in one order: that in which they are locked.
      CREATE FUNCTION approval_subjects(tenant text, given text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
        WITH own AS (
          SELECT subject FROM unnest(given) AS subject WHERE subject IS NOT NULL
        ), person AS (
          SELECT substr(subject, 6) AS user_id FROM own WHERE subject LIKE 'user:%'
          UNION
          SELECT user_id FROM own JOIN person_identifier ON tenant_id = tenant AND kind = split_part(subject, ':', 1)
            AND hash = CASE WHEN subject ~ '^(email|telephone|signer):' THEN decode(split_part(subject, ':', 2), 'hex') END
        ), known AS (
          SELECT subject FROM own
          UNION SELECT 'user:' || user_id FROM person
          UNION SELECT kind || ':' || encode(hash, 'hex') FROM person JOIN person_identifier USING (user_id) WHERE tenant_id = tenant
        )
        SELECT COALESCE(array_agg(subject ORDER BY subject COLLATE "C"), '{}') FROM known
      $$;

      CREATE FUNCTION approval_lock_key(tenant text, subject text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
        SELECT hashtextextended('approval subject ' || tenant || ' ' || subject, 0)
      $$;

      -- Until when beginnings for these subjects are refused; null where they are not. Volatile, so that each of its
      -- statements sees what was committed while the one before waited for a lock.
      CREATE FUNCTION approval_frozen(tenant text, given text[]) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
        DECLARE
          known text[] := approval_subjects(tenant, given || 'tenant'::text);
          subject text;
        BEGIN
          FOREACH subject IN ARRAY known LOOP
            PERFORM pg_advisory_xact_lock_shared(approval_lock_key(tenant, subject));
          END LOOP;
          RETURN (
            SELECT max(ends_at) FROM approval_freeze WHERE subjects && known AND tenant_id = tenant AND ended_at IS NULL
              AND ends_at > clock_timestamp() + (SELECT advance FROM approval_clock)
          );
        END $$;

      -- Has all that begins for these subjects begun before or begin after this transaction, and answers all of them.
      CREATE FUNCTION approval_hold(tenant text, given text[]) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
        DECLARE
          known text[] := approval_subjects(tenant, given);
          subject text;
        BEGIN
          FOREACH subject IN ARRAY known LOOP
            PERFORM pg_advisory_xact_lock(approval_lock_key(tenant, subject));
          END LOOP;
          RETURN known;
        END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION approval_hold;
      DROP FUNCTION approval_frozen;
      DROP FUNCTION approval_lock_key;
      DROP FUNCTION approval_subjects;
      DROP TABLE approval_freeze;
    `);
  }
}
