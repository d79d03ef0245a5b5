import { DeliveryFailed } from './delivery-channel';
import { OutboundClient } from '../platform/outbound/outbound-client';
import { type GatewayContentType, type SmsGatewaySettings } from '../platform/settings/integrations';
import { type Message, Messenger } from './messenger';

const timeoutSeconds = 8;
const maxResponseBytes = 64 * 1024;

/** SMS by anybody's HTTP gateway, called as the settings say. Any 2xx means it was taken. */
export class SmsGatewayMessenger extends Messenger {
  // Whoever runs this server names the gateway, and may well run it beside.
  private readonly client = new OutboundClient({ allowPrivateTargets: true });

  constructor(private readonly gateway: SmsGatewaySettings) {
    super();
  }

  async send({ id, recipient, text }: Message, signal: AbortSignal): Promise<void> {
    const { url, method, headers, contentType, body } = this.gateway;
    const { status } = await this.client.request({
      url,
      method,
      headers: { ...headers, 'Content-Type': contentType, 'Idempotency-Key': id },
      body: fill(body, { recipient, text }, escapeFor[contentType]),
      timeoutSeconds,
      maxResponseBytes,
      signal,
    });
    if (status < 200 || status > 299) throw new DeliveryFailed(`The SMS gateway answered ${status}`);
  }
}

type Escape = (value: string) => string;

const escapeFor = {
  'application/json': (value) => JSON.stringify(value).slice(1, -1),
  'application/x-www-form-urlencoded': encodeURIComponent,
  'text/plain': (value) => value,
} as const satisfies Record<GatewayContentType, Escape>;

function fill(template: string, values: { recipient: string; text: string }, escape: Escape): string {
  return template.replace(/\{(recipient|text)\}/g, (_, name: keyof typeof values) => escape(values[name]));
}
