import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { EventEndpoint, type EventType, eventTypes } from '../../src/approvals/events/event-endpoint.entity';
import { EventEndpoints } from '../../src/approvals/events/event-endpoints';
import { WebhookSecret } from '../../src/approvals/events/standard-webhooks';
import { type Received, type Receiver } from './receiver';
import { type TestNode } from './test-app';

/** What an event says. */
export interface ReceivedEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Wanted {
  readonly types?: readonly EventType[];
  readonly kinds?: readonly string[] | null;
  readonly disabledAt?: Date;
}

/** A tenant's server that subscribes to events, and believes none that it cannot verify. */
export class Subscriber {
  private constructor(
    private readonly receiver: Receiver,
    readonly id: string,
    private readonly secret: WebhookSecret,
  ) {}

  static async subscribe(
    { app, dataSource }: TestNode,
    receiver: Receiver,
    tenantId: string,
    { types = eventTypes, kinds = null, disabledAt }: Wanted = {},
  ): Promise<Subscriber> {
    const endpoints = app.get(EventEndpoints);
    const [key, secret] = [{ tenantId, id: randomUUID() }, WebhookSecret.create()];
    const kept = {
      url: endpoints.sealUrl(key, `${receiver.url}/${key.id}`),
      secret: endpoints.sealSecret(key, secret),
      kinds: kinds && [...kinds],
    };
    await dataSource.manager.insert(EventEndpoint, { ...key, ...kept, types: [...types], disabledAt });
    return new Subscriber(receiver, key.id, secret);
  }

  /** The calls that it has received, once they are so many. */
  calls(count = 1): Promise<Received[]> {
    return this.receiver.received(`/${this.id}`, count);
  }

  /** What they tell. @throws Error when one is not signed by this endpoint's secret */
  async events(count = 1): Promise<ReceivedEvent[]> {
    return (await this.calls(count)).map((call) => readEvent(call, this.secret));
  }
}

/** @throws Error when it is not signed by this secret, both ways */
export function readEvent(
  call: Received,
  { shared, publicKey }: Pick<WebhookSecret, 'shared' | 'publicKey'>,
): ReceivedEvent {
  if (!isSignedBy(publicKey, call)) throw new Error('The signature v1a is not by this key');
  return new Webhook(shared).verify(call.body, call.headers as Record<string, string>) as ReceivedEvent;
}

/** Whether a call carries a signature that this key (`whpk_…`) verifies. */
export function isSignedBy(publicKey: string, { headers, body }: Received): boolean {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signed = Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`);
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => verify(null, signed, key, Buffer.from(each.slice('v1a,'.length), 'base64')));
}
