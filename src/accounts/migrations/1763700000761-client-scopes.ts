import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What the access tokens of an OAuth client may be for, besides what every one is. */
export class ClientScopes1763700000761 implements MigrationInterface {
  name = 'ClientScopes1763700000761';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE oauth_client ADD COLUMN scopes text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE oauth_client DROP COLUMN scopes');
  }
}
