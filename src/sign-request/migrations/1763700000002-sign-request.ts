import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class SignRequest1763700000002 implements MigrationInterface {
  name = 'SignRequest1763700000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sign_request (
        tenant_id text NOT NULL,
        id text NOT NULL,
        status text NOT NULL,
        revision integer NOT NULL,
        head bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        client_id text NOT NULL,
        doc_name text NOT NULL,
        sign_locations jsonb NOT NULL,
        link_hash bytea NOT NULL,
        exchange_code_hash bytea NOT NULL,
        intended_signer bytea,
        signer bytea,
        signer_sealed bytea,
        session_hash bytea,
        session_sealed bytea,
        session_expires_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT sign_request_tenant FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE CASCADE,
        CONSTRAINT sign_request_status CHECK (status IN ('pending', 'signing', 'signed', 'expired', 'cancelled')),
        CONSTRAINT sign_request_link UNIQUE (link_hash),
        CONSTRAINT sign_request_session UNIQUE (session_hash)
      );
      CREATE TABLE sign_document (
        tenant_id text NOT NULL,
        sign_request_id text NOT NULL,
        version text NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (tenant_id, sign_request_id, version),
        CONSTRAINT sign_document_request FOREIGN KEY (tenant_id, sign_request_id) REFERENCES sign_request (tenant_id, id) ON DELETE CASCADE,
        CONSTRAINT sign_document_version CHECK (version IN ('original', 'signed'))
      );
      -- PDFs are compressed already.
      ALTER TABLE sign_document ALTER COLUMN bytes SET STORAGE EXTERNAL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_document, sign_request');
  }
}
