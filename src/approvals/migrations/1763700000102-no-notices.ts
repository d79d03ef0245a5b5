import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Those who wait are woken after the commit, by the node that made it: a notice in a transaction makes all commits take turns. */
export class NoNotices1763700000102 implements MigrationInterface {
  name = 'NoNotices1763700000102';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER approval_clock_wakes ON approval_clock;
      DROP FUNCTION wake_everybody;
      DROP VIEW wake_up;
      DROP FUNCTION wake_up;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW wake_up AS SELECT NULL::text AS topic WHERE false;
      CREATE FUNCTION wake_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify('wake_up', NEW.topic);
          RETURN NEW;
        END $$;
      CREATE TRIGGER wake_up_insert INSTEAD OF INSERT ON wake_up FOR EACH ROW EXECUTE FUNCTION wake_up();
      CREATE FUNCTION wake_everybody() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify('wake_up', '');
          RETURN NULL;
        END $$;
      CREATE TRIGGER approval_clock_wakes AFTER UPDATE ON approval_clock FOR EACH ROW EXECUTE FUNCTION wake_everybody();
    `);
  }
}
