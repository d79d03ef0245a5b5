import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Where tenants' events are sent. A statement finds a tenant's endpoints by the primary key. */
export class EventEndpoint1763700000741 implements MigrationInterface {
  name = 'EventEndpoint1763700000741';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_endpoint (
        tenant_id text NOT NULL CONSTRAINT event_endpoint_tenant REFERENCES tenant (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        url bytea NOT NULL,
        types text[] NOT NULL,
        kinds text[],
        description text,
        secret bytea NOT NULL,
        previous_secret bytea,
        previous_until timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        failing_since timestamptz,
        disabled_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT event_endpoint_types CHECK (
          types <@ ARRAY['approval.begun', 'approval.ended', 'recall.done', 'freeze.begun', 'freeze.ended'] AND types <> '{}'
        ),
        CONSTRAINT event_endpoint_previous CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_endpoint');
  }
}
