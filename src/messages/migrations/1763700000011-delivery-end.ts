import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What ended long ago is found without reading the whole outbox. */
export class DeliveryEnd1763700000011 implements MigrationInterface {
  name = 'DeliveryEnd1763700000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX delivery_ended ON delivery (ended_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX delivery_ended');
  }
}
