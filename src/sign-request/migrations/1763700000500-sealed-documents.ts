import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Documents and their names are sealed. What is there stays as it is until housekeeping has sealed it. */
export class SealedDocuments1763700000500 implements MigrationInterface {
  name = 'SealedDocuments1763700000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sign_request ALTER COLUMN doc_name TYPE bytea USING convert_to(doc_name, 'UTF8');
      CREATE INDEX sign_request_plain ON sign_request (tenant_id, id) WHERE substring(doc_name FROM 1 FOR 6) <> '\\xff7365616c31';
      CREATE INDEX sign_document_plain ON sign_document (tenant_id, sign_request_id)
        WHERE substring(bytes FROM 1 FOR 6) <> '\\xff7365616c31';
    `);
  }

  /** Fails where anything has been sealed. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX sign_request_plain, sign_document_plain;
      ALTER TABLE sign_request ALTER COLUMN doc_name TYPE text USING convert_from(doc_name, 'UTF8');
    `);
  }
}
