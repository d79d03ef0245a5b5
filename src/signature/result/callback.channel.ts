import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Deliveries } from '../../messages/deliveries';
import { DeliveryFailed, type DeliveryTry } from '../../messages/delivery-channel';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { successOf } from '../signature.envelope';
import { CallbackHeaders, deliveryIdHeader } from './callback-headers';
import { callbackChannel } from './once-ended';
import { ResultRepository } from './result.repository';
import { resultOf } from './signature-result';

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
/** What a receiver answers is not looked at. */
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

  private async deliver(
    { id, tenantId, approvalId }: DeliveryTry,
    signal: AbortSignal,
  ): Promise<'delivered' | 'obsolete'> {
    const standing = await this.results.stand(tenantId, approvalId);
    const result = standing && resultOf(standing);
    if (result === undefined || !standing?.url || standing.headers === null) return 'obsolete';
    const { status } = await this.client.request({
      url: standing.url,
      method: 'POST',
      headers: {
        ...this.headers.open(tenantId, approvalId, standing.headers),
        'Content-Type': 'application/json',
        [deliveryIdHeader]: id,
      },
      body: JSON.stringify(successOf('users', 'Transaction finished', [result])),
      timeoutSeconds,
      maxResponseBytes,
      signal,
    });
    if (status < 200 || status >= 300) throw new DeliveryFailed(`The callback was answered with ${status}`);
    return 'delivered';
  }
}
