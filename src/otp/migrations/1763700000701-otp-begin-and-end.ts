import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { addBeginAndEnd, dropBeginAndEnd } from '../../approvals/migrations/begin-and-end';

/** An OTP says when, and by whom, it began and ended. */
export class OtpBeginAndEnd1763700000701 implements MigrationInterface {
  name = 'OtpBeginAndEnd1763700000701';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      addBeginAndEnd('otp', {
        ended: ['consumed', 'failed', 'expired', 'cancelled'],
        timedOutAt: 'expires_at',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropBeginAndEnd('otp'));
  }
}
