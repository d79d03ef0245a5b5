import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Tenant tokens may have an end, OAuth clients a name and, while their secret is being replaced, two secrets. */
export class ChangedInPlace1763700000780 implements MigrationInterface {
  name = 'ChangedInPlace1763700000780';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE tenant_token ADD COLUMN expires_at timestamptz;
      ALTER TABLE oauth_client
        ADD COLUMN name text,
        ADD COLUMN previous_secret_hash bytea,
        ADD COLUMN previous_secret_expires_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE oauth_client DROP COLUMN previous_secret_expires_at, DROP COLUMN previous_secret_hash, DROP COLUMN name;
      DELETE FROM tenant_token WHERE expires_at <= clock_timestamp();
      ALTER TABLE tenant_token DROP COLUMN expires_at;
    `);
  }
}
