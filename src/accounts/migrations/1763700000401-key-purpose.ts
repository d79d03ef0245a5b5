import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What a key of ours signs; until now one signed everything, and goes on with access tokens. */
export class KeyPurpose1763700000401 implements MigrationInterface {
  name = 'KeyPurpose1763700000401';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signing_key ADD COLUMN purpose text NOT NULL DEFAULT 'access-token'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM signing_key WHERE purpose <> 'access-token';
      ALTER TABLE signing_key DROP COLUMN purpose;
    `);
  }
}
