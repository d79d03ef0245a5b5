import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Sign requests are found by state, signer, and who began and ended them; each the newest first. */
export class SignRequestSearch1763700000810 implements MigrationInterface {
  name = 'SignRequestSearch1763700000810';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX sign_request_by_state ON sign_request (tenant_id, status, begun_at);
      CREATE INDEX sign_request_by_beginner ON sign_request (tenant_id, begun_by, status, begun_at);
      CREATE INDEX sign_request_by_ender ON sign_request (tenant_id, ended_by, status, begun_at) WHERE ended_by IS NOT NULL;
      CREATE INDEX sign_request_by_signer ON sign_request (tenant_id, signer, status, begun_at) WHERE signer IS NOT NULL;
      CREATE INDEX sign_request_by_intended_signer ON sign_request (tenant_id, intended_signer, status, begun_at)
        WHERE intended_signer IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP INDEX sign_request_by_state, sign_request_by_beginner, sign_request_by_ender, sign_request_by_signer,
         sign_request_by_intended_signer`,
    );
  }
}
