import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The sessions of operators who have logged in with a browser. */
export class OperatorSessions1763700000722 implements MigrationInterface {
  name = 'OperatorSessions1763700000722';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE operator_session (
        hash bytea PRIMARY KEY,
        actor text NOT NULL,
        name text NOT NULL,
        role text NOT NULL,
        tenants text[],
        seen_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL
      );
      CREATE INDEX operator_session_end ON operator_session (ends_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE operator_session');
  }
}
