import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What administrators may be shown of the recipient, who is hashed. */
export class OtpRecipient1763700000705 implements MigrationInterface {
  name = 'OtpRecipient1763700000705';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp ADD COLUMN recipient_masked text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp DROP COLUMN recipient_masked');
  }
}
