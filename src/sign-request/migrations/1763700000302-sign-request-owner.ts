import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** An approval outlives its owner: deleting one cancels what is open by a transition, and takes no row away. */
export class SignRequestOwner1763700000302 implements MigrationInterface {
  name = 'SignRequestOwner1763700000302';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_request DROP CONSTRAINT sign_request_tenant');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sign_request ADD CONSTRAINT sign_request_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE NOT VALID`,
    );
  }
}
