import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Keys by which machines call the administration. */
export class ApiKeys1763700000720 implements MigrationInterface {
  name = 'ApiKeys1763700000720';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_key (
        id uuid PRIMARY KEY,
        name text NOT NULL CONSTRAINT api_key_name_unique UNIQUE,
        role text NOT NULL CONSTRAINT api_key_role CHECK (role IN ('viewer', 'support', 'admin')),
        tenants text[],
        hash bytea NOT NULL CONSTRAINT api_key_hash_unique UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_key');
  }
}
