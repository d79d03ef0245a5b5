import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A recall may begin a freeze, which is answered with it. */
export class RecallFreeze1763700000762 implements MigrationInterface {
  name = 'RecallFreeze1763700000762';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE recall ADD COLUMN begun_freeze jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE recall DROP COLUMN begun_freeze');
  }
}
