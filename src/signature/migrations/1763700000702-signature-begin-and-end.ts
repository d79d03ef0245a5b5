import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { addBeginAndEnd, dropBeginAndEnd } from '../../approvals/migrations/begin-and-end';

/** A transaction says when, and by whom, it began and ended. */
export class SignatureBeginAndEnd1763700000702 implements MigrationInterface {
  name = 'SignatureBeginAndEnd1763700000702';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      addBeginAndEnd('signature', {
        ended: ['confirmed', 'rejected', 'expired', 'cancelled'],
        timedOutAt: 'expires_at',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropBeginAndEnd('signature'));
  }
}
