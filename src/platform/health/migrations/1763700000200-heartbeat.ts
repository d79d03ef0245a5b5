import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class Heartbeat1763700000200 implements MigrationInterface {
  name = 'Heartbeat1763700000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE heartbeat (node uuid PRIMARY KEY, at timestamptz NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE heartbeat');
  }
}
