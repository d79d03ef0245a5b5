import { type MigrationInterface, type QueryRunner } from 'typeorm';

const frozen = (others: string) => `
  CREATE OR REPLACE FUNCTION approval_frozen(tenant text, given text[]) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
      known text[] := approval_subjects(tenant, given || 'tenant'::text);
      subject text;
    BEGIN
      FOREACH subject IN ARRAY known LOOP
        PERFORM pg_advisory_xact_lock_shared(approval_lock_key(tenant, subject));
      END LOOP;
      RETURN (SELECT max(until) FROM (
        SELECT ends_at FROM approval_freeze WHERE subjects && known AND tenant_id = tenant AND ended_at IS NULL
          AND ends_at > clock_timestamp() + (SELECT advance FROM approval_clock)
        ${others}
      ) AS refused (until));
    END $$
`;

/** Nothing begins for an OAuth client that has been deleted, on a node that still knows it either. */
export class RetiredClients1763700000782 implements MigrationInterface {
  name = 'RetiredClients1763700000782';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      frozen(`UNION ALL SELECT 'infinity' FROM unnest(known) AS each JOIN retired_id
        ON each LIKE 'oauth-client:%' AND kind = 'oauth-client' AND tenant_id = tenant AND id = substr(each, 14)`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(frozen(''));
  }
}
