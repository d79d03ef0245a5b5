import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Webhook URLs are sealed. What is there stays as it is until housekeeping has sealed it. */
export class SealedWebhooks1763700000502 implements MigrationInterface {
  name = 'SealedWebhooks1763700000502';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE relying_party ALTER COLUMN webhook_url TYPE bytea USING convert_to(webhook_url, 'UTF8')`,
    );
  }

  /** Fails where anything has been sealed. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE relying_party ALTER COLUMN webhook_url TYPE text USING convert_from(webhook_url, 'UTF8')`,
    );
  }
}
