import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A delivery outlives its tenant: the last ones are about what the deletion cancelled. */
export class DeliveryOwner1763700000304 implements MigrationInterface {
  name = 'DeliveryOwner1763700000304';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery DROP CONSTRAINT delivery_tenant');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE delivery ADD CONSTRAINT delivery_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE NOT VALID`,
    );
  }
}
