import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** The content of transactions is sealed. What is there stays as it is until housekeeping has sealed it. */
export class SealedSignatures1763700000501 implements MigrationInterface {
  name = 'SealedSignatures1763700000501';

  async up(runner: QueryRunner): Promise<void> {
    // What is sealed cannot be compressed, and its beginning is looked at.
    await runner.query(`
      ALTER TABLE signature
        ALTER COLUMN message TYPE bytea USING convert_to(message, 'UTF8'),
        ALTER COLUMN push_message TYPE bytea USING convert_to(push_message, 'UTF8'),
        ALTER COLUMN callback_url TYPE bytea USING convert_to(callback_url, 'UTF8'),
        ALTER COLUMN signature TYPE bytea USING convert_to(signature, 'UTF8'),
        ALTER COLUMN message SET STORAGE EXTERNAL,
        ALTER COLUMN push_message SET STORAGE EXTERNAL;
      CREATE INDEX signature_plain ON signature (tenant_id, id) WHERE
        substring(message FROM 1 FOR 6) <> '\\xff7365616c31' OR substring(push_message FROM 1 FOR 6) <> '\\xff7365616c31'
        OR substring(callback_url FROM 1 FOR 6) <> '\\xff7365616c31' OR substring(signature FROM 1 FOR 6) <> '\\xff7365616c31';
    `);
  }

  /** Fails where anything has been sealed. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX signature_plain;
      ALTER TABLE signature
        ALTER COLUMN message TYPE text USING convert_from(message, 'UTF8'),
        ALTER COLUMN push_message TYPE text USING convert_from(push_message, 'UTF8'),
        ALTER COLUMN callback_url TYPE text USING convert_from(callback_url, 'UTF8'),
        ALTER COLUMN signature TYPE text USING convert_from(signature, 'UTF8');
    `);
  }
}
