import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** An approval outlives its owner: deleting one cancels what is open by a transition, and takes no row away. */
export class OtpOwner1763700000301 implements MigrationInterface {
  name = 'OtpOwner1763700000301';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp DROP CONSTRAINT otp_tenant');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE otp ADD CONSTRAINT otp_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE NOT VALID`,
    );
  }
}
