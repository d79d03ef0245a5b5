import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** An approval outlives its owner: deleting one cancels what is open by a transition, and takes no row away. */
export class SignatureOwner1763700000303 implements MigrationInterface {
  name = 'SignatureOwner1763700000303';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signature DROP CONSTRAINT signature_user');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE signature ADD CONSTRAINT signature_user FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_user (tenant_id, user_id) ON DELETE CASCADE NOT VALID`,
    );
  }
}
