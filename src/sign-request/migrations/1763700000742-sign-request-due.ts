import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Sign requests whose time is over are found without reading the others. */
export class SignRequestDue1763700000742 implements MigrationInterface {
  name = 'SignRequestDue1763700000742';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX sign_request_pending_until ON sign_request (expires_at) WHERE status = 'pending';
      CREATE INDEX sign_request_signing_until ON sign_request (session_expires_at) WHERE status = 'signing';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sign_request_pending_until, sign_request_signing_until');
  }
}
