import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Deliveries } from '../../messages/deliveries';
import { type DeliveryOutcome, DeliveryFailed, type DeliveryTry } from '../../messages/delivery';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { checkTargetHeaders, OutboundRefused } from '../../platform/outbound/outbound-target';
import { SealedJson, Vault } from '../../platform/secrets/vault';
import { successOf } from '../signature.answers';
import { callbackChannel } from '../signature.topics';
import { ResultRepository } from './result.repository';
import { resultOf } from './result.service';

type Headers = Record<string, string>;

/** The same for every try of one callback, so that a receiver recognises a repetition. */
export const deliveryIdHeader = 'X-Delivery-Id';

/** The `message` of each callback. */
export const finishedMessage = 'Transaction finished';

/** Headers that the server sets itself. */
const reserved = ['content-type', 'content-encoding', deliveryIdHeader.toLowerCase()];

/** A caller's own headers for its callback. They may carry credentials, so they are kept encrypted and never logged. */
@Injectable()
export class CallbackHeaders {
  private readonly sealed: SealedJson<Headers>;

  constructor(vault: Vault) {
    this.sealed = new SealedJson(vault, 'signature-callback');
  }

  /** @throws OutboundRefused when a header is malformed, or not the caller's to set */
  check(headers: Headers): void {
    const taken = Object.keys(headers).find((name) => reserved.includes(name.toLowerCase()));
    if (taken !== undefined) throw new OutboundRefused(`the header ${taken} cannot be set`);
    checkTargetHeaders(headers);
  }

  seal(tenantId: string, id: string, headers: Headers): Buffer {
    return this.sealed.seal(`${tenantId}/${id}`, headers);
  }

  open(tenantId: string, id: string, sealed: Buffer): Headers {
    return this.sealed.open(`${tenantId}/${id}`, sealed);
  }
}

const [minute, hour] = [60, 3600];

/** Seconds between one try and the next: eleven tries within a day. */
export const callbackSchedule = [
  5,
  30,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
];

const timeoutSeconds = 10;
/** The receiver's body is ignored. */
const maxResponseBytes = 64 * 1024;

/**
 * Posts the result of a transaction to its `callbackUrl`. Any answer of 2xx is success; everything else, a redirect
 * or a private address too, is a failed try.
 */
@Injectable()
export class CallbackChannel implements OnModuleInit {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly results: ResultRepository,
    private readonly headers: CallbackHeaders,
    private readonly client: OutboundClient,
  ) {}

  onModuleInit(): void {
    this.deliveries.register({
      channel: callbackChannel,
      schedule: callbackSchedule,
      deliver: (delivery, late) => this.deliver(delivery, late),
    });
  }

  private async deliver({ id, tenantId, approvalId }: DeliveryTry, signal: AbortSignal): Promise<DeliveryOutcome> {
    const found = await this.results.find(tenantId, approvalId);
    const result = found && resultOf(found);
    if (result === undefined || !found?.url || found.headers === null) return 'obsolete';
    const { status } = await this.client.request({
      url: found.url,
      method: 'POST',
      headers: {
        ...this.headers.open(tenantId, approvalId, found.headers),
        'Content-Type': 'application/json',
        [deliveryIdHeader]: id,
      },
      body: JSON.stringify(successOf('users', finishedMessage, [result])),
      timeoutSeconds,
      maxResponseBytes,
      signal,
    });
    if (status < 200 || status >= 300) throw new DeliveryFailed(`The callback was answered with ${status}`);
    return 'delivered';
  }
}
