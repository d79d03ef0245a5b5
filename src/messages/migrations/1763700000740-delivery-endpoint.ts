import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A delivery may have an endpoint and a content of its own, and each channel finds what is due in the index. */
export class DeliveryEndpoint1763700000740 implements MigrationInterface {
  name = 'DeliveryEndpoint1763700000740';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE delivery ADD COLUMN endpoint_id uuid, ADD COLUMN content json;
      CREATE INDEX delivery_endpoint ON delivery (endpoint_id, created_at) WHERE endpoint_id IS NOT NULL;
      DROP INDEX delivery_due;
      CREATE INDEX delivery_due ON delivery (channel, next_attempt_at) WHERE state = 'pending';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX delivery_due;
      CREATE INDEX delivery_due ON delivery (next_attempt_at) WHERE state = 'pending';
      ALTER TABLE delivery DROP COLUMN endpoint_id, DROP COLUMN content;
    `);
  }
}
