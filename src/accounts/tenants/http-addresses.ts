import { mayUseHttp } from '../../platform/settings/production';
import { type StartCheck } from '../../platform/server-part';
import { openWebhookUrl } from './webhook-urls';

interface HttpAddress {
  readonly owner: string;
  readonly field: string;
  readonly use: 'jwks' | 'webhook';
}

/** The registered addresses with http: that are not allowed in production. */
export const httpAddresses: StartCheck = async (dataSource, settings, content) => {
  const found = await dataSource.query<HttpAddress[]>(`
    SELECT 'tenant ' || id AS owner, 'jwksUrl' AS field, 'jwks' AS use FROM tenant WHERE jwks_url ILIKE 'http:%'
    UNION ALL
    SELECT 'relying party ' || client_id, 'jwksUrl', 'jwks' FROM relying_party WHERE jwks_url ILIKE 'http:%'
    ORDER BY owner
  `);
  const parties = await dataSource.query<{ clientId: string; webhookUrl: Buffer }[]>(`
    SELECT client_id AS "clientId", webhook_url AS "webhookUrl" FROM relying_party
    WHERE webhook_url IS NOT NULL ORDER BY client_id
  `);
  const webhooks = parties
    .filter(({ clientId, webhookUrl }) => /^http:/i.test(openWebhookUrl(content, clientId, webhookUrl)))
    .map(({ clientId }) => ({ owner: `relying party ${clientId}`, field: 'webhookUrl', use: 'webhook' }) as const);
  return [...found, ...webhooks]
    .filter(({ use }) => !mayUseHttp(settings, use))
    .map(
      ({ owner, field, use }) =>
        `The ${owner} has a ${field} with http:; register one with https:, or name ${use} in ALLOW_HTTP.`,
    );
};
