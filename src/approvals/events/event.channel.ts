import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Deliveries } from '../../messages/deliveries';
import { type DeliveryChannel, DeliveryFailed, type DeliveryTry } from '../../messages/delivery';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { type EventEndpoint } from './event-endpoint.entity';
import { EventEndpoints } from './event-endpoints';
import { eventChannel } from './event-queue';
import { webhookHeaders } from './standard-webhooks';

const [second, minute, hour] = [1, 60, 3600];

/** Seconds between one try and the next: ten tries within three days and some hours, as Standard Webhooks 1.0 recommends. */
export const eventSchedule = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** A pause is up to a fifth longer. */
const jitter = 0.2;

/** A receiver can put the next try off by no more. */
const maxRetryAfterSeconds = 24 * hour;

const timeoutSeconds = 15;
/** The receiver's body is ignored. */
const maxResponseBytes = 64 * 1024;
const gone = 410;

type FoundEvent = Pick<EventEndpoint, 'tenantId' | 'id' | 'url' | 'secret' | 'previousSecret' | 'failingSince'> & {
  readonly content: object;
};

const find = statement(
  'event-find',
  `SELECT delivery.content, endpoint.tenant_id AS "tenantId", endpoint.id, url, secret,
     CASE WHEN previous_until > clock_timestamp() THEN previous_secret END AS "previousSecret", failing_since AS "failingSince"
   FROM delivery JOIN event_endpoint AS endpoint ON (endpoint.tenant_id, endpoint.id) = (delivery.tenant_id, endpoint_id)
   WHERE delivery.id = :id AND disabled_at IS NULL`,
);

const ofEndpoint = 'tenant_id = :tenantId AND id = :id';

const noteFailure = statement(
  'event-endpoint-failing',
  `UPDATE event_endpoint SET failing_since = clock_timestamp() WHERE ${ofEndpoint} AND failing_since IS NULL`,
);

const noteSuccess = statement(
  'event-endpoint-well',
  `UPDATE event_endpoint SET failing_since = NULL WHERE ${ofEndpoint}`,
);

const disable = statement(
  'event-endpoint-disable',
  `UPDATE event_endpoint SET disabled_at = clock_timestamp() WHERE ${ofEndpoint} AND disabled_at IS NULL`,
);

/**
 * Posts events to tenants' endpoints by Standard Webhooks 1.0. Any answer of 2xx is success; 410 disables the endpoint;
 * everything else, a redirect or a private address too, is a failed try.
 */
@Injectable()
export class EventChannel implements DeliveryChannel, OnModuleInit {
  readonly channel = eventChannel;
  readonly schedule = eventSchedule;
  readonly jitter = jitter;

  constructor(
    private readonly deliveries: Deliveries,
    private readonly statements: Statements,
    private readonly endpoints: EventEndpoints,
    private readonly client: OutboundClient,
  ) {}

  onModuleInit(): void {
    this.deliveries.register(this);
  }

  /** `obsolete` where the endpoint has been deleted or disabled. @throws DeliveryFailed, OutboundError */
  async deliver({ id }: DeliveryTry, signal: AbortSignal): Promise<'delivered' | 'obsolete'> {
    const [event] = await this.statements.run<FoundEvent>(find, { id });
    if (event === undefined) return 'obsolete';
    try {
      await this.post(id, event, signal);
    } catch (error) {
      await this.note(noteFailure, event);
      throw error;
    }
    if (event.failingSince !== null) await this.note(noteSuccess, event);
    return 'delivered';
  }

  private async post(id: string, event: FoundEvent, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(event.content);
    const secrets = [event.secret, event.previousSecret].filter((each) => each !== null);
    const { status, headers } = await this.client.request({
      url: this.endpoints.urlOf(event),
      method: 'POST',
      headers: webhookHeaders(
        id,
        body,
        secrets.map((each) => this.endpoints.openSecret(event, each)),
      ),
      body,
      timeoutSeconds,
      maxResponseBytes,
      signal,
    });
    if (status >= 200 && status <= 299) return;
    if (status === gone) {
      await this.note(disable, event);
      throw new DeliveryFailed('The endpoint answered 410 and has been disabled', { retry: false });
    }
    throw new DeliveryFailed(`The endpoint answered ${status}`, {
      notBeforeSeconds: secondsUntil(headers['retry-after']),
    });
  }

  private async note(what: typeof noteFailure, { tenantId, id }: FoundEvent): Promise<void> {
    await this.statements.run(what, { tenantId, id });
  }
}

/** What `Retry-After` (RFC 9110) asks for, in seconds or as a date; 0 where it is absent or malformed. */
export function secondsUntil(retryAfter: string | undefined, now = Date.now()): number {
  if (retryAfter === undefined) return 0;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), maxRetryAfterSeconds);
}
