import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What users are known by besides their id, so that all that hangs on a person is found by any of it. */
export class PersonIdentifier1763700000704 implements MigrationInterface {
  name = 'PersonIdentifier1763700000704';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE person_identifier (
        tenant_id text NOT NULL,
        user_id text NOT NULL,
        kind text NOT NULL,
        hash bytea NOT NULL,
        masked text NOT NULL,
        PRIMARY KEY (tenant_id, user_id, kind),
        CONSTRAINT person_identifier_unique UNIQUE (tenant_id, kind, hash),
        CONSTRAINT person_identifier_kind CHECK (kind IN ('email', 'telephone', 'signer')),
        CONSTRAINT person_identifier_user FOREIGN KEY (tenant_id, user_id) REFERENCES tenant_user (tenant_id, user_id) ON DELETE CASCADE
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE person_identifier');
  }
}
