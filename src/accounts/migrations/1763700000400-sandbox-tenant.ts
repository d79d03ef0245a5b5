import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Which tenants the sandbox made; all that is theirs hangs on them. */
export class SandboxTenant1763700000400 implements MigrationInterface {
  name = 'SandboxTenant1763700000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE tenant ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
      UPDATE tenant SET sandbox = true WHERE id = 'demo' AND EXISTS (SELECT FROM sandbox_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenant DROP COLUMN sandbox');
  }
}
