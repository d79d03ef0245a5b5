import { Injectable, type OnModuleInit } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Resealing } from '../../platform/secrets/resealing';
import { SealedContent, type SealedTable } from '../../platform/secrets/sealed-content';
import { mayUseHttp } from '../../platform/settings/production';
import { type StartCheck } from '../../platform/server-part';

const sealedParties: SealedTable<'webhook_url'> = {
  name: 'relying_party',
  key: ['client_id'],
  columns: ['webhook_url'],
};

const urlOf = statement(
  'webhook-url',
  `SELECT webhook_url AS "webhookUrl" FROM relying_party
   WHERE client_id = :clientId AND tenant_id = :tenantId AND webhook_url IS NOT NULL`,
);

/** Relying parties' webhook URLs as they are kept: sealed, since they may carry credentials. */
@Injectable()
export class WebhookUrls implements OnModuleInit {
  constructor(
    private readonly content: SealedContent,
    private readonly resealing: Resealing,
    private readonly statements: Statements,
  ) {}

  onModuleInit(): void {
    this.resealing.register(sealedParties);
  }

  /** Not remembered: what is queued goes to where its party is when it is sent. */
  async of(tenantId: string, clientId: string): Promise<string | undefined> {
    const [found] = await this.statements.run<{ webhookUrl: Buffer }>(urlOf, { tenantId, clientId });
    return found && this.open(clientId, found.webhookUrl);
  }

  seal(clientId: string, url: string): Buffer {
    return this.content.seal(sealedParties, 'webhook_url', [clientId], url);
  }

  open(clientId: string, kept: Buffer): string {
    return openWebhookUrl(this.content, clientId, kept);
  }
}

/** The same where no application runs. */
function openWebhookUrl(content: SealedContent, clientId: string, kept: Buffer): string {
  return content.open(sealedParties, 'webhook_url', [clientId], kept).toString();
}

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
