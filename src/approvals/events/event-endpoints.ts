import { Injectable } from '@nestjs/common';
import { SealedContent, type SealedTable } from '../../platform/secrets/sealed-content';
import { type StartCheck } from '../../platform/server-part';
import { mayUseHttp } from '../../platform/settings/production';
import { type EventEndpoint } from './event-endpoint.entity';
import { WebhookSecret } from './standard-webhooks';

type EndpointKey = Pick<EventEndpoint, 'tenantId' | 'id'>;

const sealedEndpoints: SealedTable<'url' | 'secret'> = {
  name: 'event_endpoint',
  key: ['tenant_id', 'id'],
  columns: ['url', 'secret'],
};

/** What is kept sealed of event endpoints: their URLs, since they may carry credentials, and their secrets. */
@Injectable()
export class EventEndpoints {
  constructor(private readonly content: SealedContent) {}

  sealUrl({ tenantId, id }: EndpointKey, url: string): Buffer {
    return this.content.seal(sealedEndpoints, 'url', [tenantId, id], url);
  }

  urlOf({ tenantId, id, url }: Pick<EventEndpoint, 'tenantId' | 'id' | 'url'>): string {
    return this.content.open(sealedEndpoints, 'url', [tenantId, id], url).toString();
  }

  sealSecret({ tenantId, id }: EndpointKey, { bytes }: WebhookSecret): Buffer {
    return this.content.seal(sealedEndpoints, 'secret', [tenantId, id], bytes);
  }

  /** A secret, or what was one before it was rotated. */
  openSecret({ tenantId, id }: EndpointKey, secret: Buffer): WebhookSecret {
    return WebhookSecret.from(this.content.open(sealedEndpoints, 'secret', [tenantId, id], secret));
  }
}

/** The event endpoints with http: that are not allowed in production. */
export const httpEndpoints: StartCheck = async (dataSource, settings, content) => {
  if (mayUseHttp(settings, 'webhook')) return [];
  const endpoints = new EventEndpoints(content);
  const found = await dataSource.query<Pick<EventEndpoint, 'tenantId' | 'id' | 'url'>[]>(
    'SELECT tenant_id AS "tenantId", id, url FROM event_endpoint ORDER BY tenant_id, id',
  );
  return found
    .filter((endpoint) => /^http:/i.test(endpoints.urlOf(endpoint)))
    .map(
      ({ tenantId, id }) =>
        `The event endpoint ${id} of tenant ${tenantId} has a URL with http:; register one with https:, or name webhook in ALLOW_HTTP.`,
    );
};
