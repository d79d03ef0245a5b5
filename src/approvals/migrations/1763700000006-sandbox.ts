import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The private keys that the sandbox holds for the parties it plays. */
export class Sandbox1763700000006 implements MigrationInterface {
  name = 'Sandbox1763700000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox_key (
        name text PRIMARY KEY,
        private_sealed bytea NOT NULL
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sandbox_key');
  }
}
