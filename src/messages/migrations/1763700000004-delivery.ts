import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The outbox, and the doors into the job queue: what is written here is queued in the same transaction. */
export class Delivery1763700000004 implements MigrationInterface {
  name = 'Delivery1763700000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A statement's CTE can insert but not merely call; so a job is queued by inserting into this view.
      CREATE VIEW queued_job AS
        SELECT NULL::text AS name, NULL::json AS payload, NULL::timestamptz AS run_at, NULL::text AS key WHERE false;
      CREATE FUNCTION queue_job() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM graphile_worker.add_job(NEW.name, NEW.payload, run_at := NEW.run_at, job_key := NEW.key);
          RETURN NEW;
        END $$;
      CREATE TRIGGER queued_job_insert INSTEAD OF INSERT ON queued_job FOR EACH ROW EXECUTE FUNCTION queue_job();
    `);
    await runner.query(`
      CREATE TABLE delivery (
        id uuid PRIMARY KEY,
        tenant_id text NOT NULL,
        channel text NOT NULL,
        approval_id text NOT NULL,
        state text NOT NULL,
        attempts integer NOT NULL,
        last_error text,
        created_at timestamptz NOT NULL,
        next_attempt_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT delivery_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE,
        CONSTRAINT delivery_state CHECK (state IN ('pending', 'delivered', 'failed', 'abandoned')),
        CONSTRAINT delivery_next_attempt CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
        CONSTRAINT delivery_end CHECK ((state = 'pending') = (ended_at IS NULL))
      );
      CREATE INDEX delivery_listing ON delivery (state, created_at);
      CREATE INDEX delivery_approval ON delivery (tenant_id, approval_id);

      -- The row says when it is due next; its one job follows.
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
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE delivery;
      DROP FUNCTION queue_delivery;
      DROP VIEW queued_job;
      DROP FUNCTION queue_job;
    `);
  }
}
