import { mayUseHttp } from '../../platform/settings/allowed-http';
import { type StartCheck } from '../../platform/start-check';

interface HttpAddress {
  readonly owner: string;
  readonly field: string;
  readonly use: 'jwks' | 'webhook';
}

/** The registered addresses with http: that are not allowed in production. */
export const httpAddresses: StartCheck = async (dataSource, settings) => {
  const found = await dataSource.query<HttpAddress[]>(`
    SELECT 'tenant ' || id AS owner, 'jwksUrl' AS field, 'jwks' AS use FROM tenant WHERE jwks_url ILIKE 'http:%'
    UNION ALL
    SELECT 'relying party ' || client_id, 'jwksUrl', 'jwks' FROM relying_party WHERE jwks_url ILIKE 'http:%'
    UNION ALL
    SELECT 'relying party ' || client_id, 'webhookUrl', 'webhook' FROM relying_party WHERE webhook_url ILIKE 'http:%'
    ORDER BY use, owner
  `);
  return found
    .filter(({ use }) => !mayUseHttp(settings, use))
    .map(
      ({ owner, field, use }) =>
        `The ${owner} has a ${field} with http:; register one with https:, or name ${use} in ALLOW_HTTP.`,
    );
};
