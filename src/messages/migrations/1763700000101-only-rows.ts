import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * A transition leaves nothing but rows: deliveries are found by their own index, and no trigger queues a job or
 * notifies. The job queue's schema goes with what it held, since all of it follows from rows that stay.
 */
export class OnlyRows1763700000101 implements MigrationInterface {
  name = 'OnlyRows1763700000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state = 'pending';
      DROP TRIGGER delivery_due ON delivery;
      DROP FUNCTION queue_delivery;
      DROP VIEW queued_job;
      DROP FUNCTION queue_job;
      DROP SCHEMA IF EXISTS graphile_worker CASCADE;

      -- Housekeeping: when each is due, and while a node does it, when that node is taken for dead.
      CREATE TABLE recurring_job (name text PRIMARY KEY, due_at timestamptz NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recurring_job;
      CREATE VIEW queued_job AS
        SELECT NULL::text AS name, NULL::json AS payload, NULL::timestamptz AS run_at, NULL::text AS key WHERE false;
      CREATE FUNCTION queue_job() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM graphile_worker.add_job(NEW.name, NEW.payload, run_at := NEW.run_at, job_key := NEW.key);
          RETURN NEW;
        END $$;
      CREATE TRIGGER queued_job_insert INSTEAD OF INSERT ON queued_job FOR EACH ROW EXECUTE FUNCTION queue_job();
      CREATE FUNCTION queue_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.next_attempt_at IS NULL THEN
            PERFORM graphile_worker.remove_job('delivery:' || NEW.id);
          ELSE
            PERFORM graphile_worker.add_job('deliver:' || NEW.channel, json_build_object('id', NEW.id),
              run_at := NEW.next_attempt_at, job_key := 'delivery:' || NEW.id);
          END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER delivery_due AFTER INSERT OR UPDATE OF next_attempt_at ON delivery
        FOR EACH ROW EXECUTE FUNCTION queue_delivery();
      DROP INDEX delivery_due;
    `);
  }
}
