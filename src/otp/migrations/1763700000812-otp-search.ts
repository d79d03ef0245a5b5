import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** OTPs are found by state, recipient, and who began and ended them; each the newest first. */
export class OtpSearch1763700000812 implements MigrationInterface {
  name = 'OtpSearch1763700000812';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX otp_by_state ON otp (tenant_id, status, begun_at);
      CREATE INDEX otp_by_beginner ON otp (tenant_id, begun_by, status, begun_at);
      CREATE INDEX otp_by_ender ON otp (tenant_id, ended_by, status, begun_at) WHERE ended_by IS NOT NULL;
      CREATE INDEX otp_by_recipient ON otp (tenant_id, recipient_hash, status, begun_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX otp_by_state, otp_by_beginner, otp_by_ender, otp_by_recipient');
  }
}
