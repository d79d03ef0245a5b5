import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Waking those who wait on any node. */
export class Wake1763700000008 implements MigrationInterface {
  name = 'Wake1763700000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A statement's CTE can insert but not merely call; so one wakes by inserting into this view.
      CREATE VIEW wake_up AS SELECT NULL::text AS topic WHERE false;
      CREATE FUNCTION wake_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify('wake_up', NEW.topic);
          RETURN NEW;
        END $$;
      CREATE TRIGGER wake_up_insert INSTEAD OF INSERT ON wake_up FOR EACH ROW EXECUTE FUNCTION wake_up();

      -- When the approvals' clock is moved, everybody who waits for an instant must look again.
      CREATE FUNCTION wake_everybody() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify('wake_up', '');
          RETURN NULL;
        END $$;
      CREATE TRIGGER approval_clock_wakes AFTER UPDATE ON approval_clock FOR EACH ROW EXECUTE FUNCTION wake_everybody();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER approval_clock_wakes ON approval_clock;
      DROP FUNCTION wake_everybody;
      DROP VIEW wake_up;
      DROP FUNCTION wake_up;
    `);
  }
}
