import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { addBeginAndEnd } from '../../approvals/migrations/begin-and-end';

/** A sign request says when, and by whom, it began and ended; it said the latter of some ends before. */
export class SignRequestBeginAndEnd1763700000703 implements MigrationInterface {
  name = 'SignRequestBeginAndEnd1763700000703';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      addBeginAndEnd('sign_request', {
        ended: ['signed', 'expired', 'cancelled'],
        timedOutAt: 'GREATEST(expires_at, session_expires_at)',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_request DROP COLUMN begun_at, DROP COLUMN begun_by, DROP COLUMN ended_by');
  }
}
