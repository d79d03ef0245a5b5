import { type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { OutboundClient } from '../platform/outbound/outbound-client';
import { type GatewayContentType, type SmsGatewaySettings } from '../platform/settings/integrations';
import { DeliveryFailed } from './delivery';

/** The ways a person can be written to. */
type MessageMethod = 'email' | 'sms';

/** A message to one person. What it says is secret. */
export interface Message {
  /** The delivery's: the same over all tries, so that a repetition can be recognised. */
  readonly id: string;
  /** What it is about. */
  readonly approvalId: string;
  readonly method: MessageMethod;
  /** An e-mail address, or a telephone number in E.164. */
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  /** The one-time code that the text holds. */
  readonly code: string;
}

/** Brings messages to people; one try. */
export abstract class Messenger {
  /**
   * @param late aborted when it may not be sent any more
   * @throws DeliveryFailed when it was not taken; the message of that error holds nothing of this one
   */
  abstract send(message: Message, late: AbortSignal): Promise<void>;
}

/** Hands each message to the messenger of its method. */
export class MessageRouter extends Messenger {
  constructor(private readonly carriers: Readonly<Record<MessageMethod, Messenger | undefined>>) {
    super();
  }

  async send(message: Message, late: AbortSignal): Promise<void> {
    const carrier = this.carriers[message.method];
    if (carrier === undefined) throw new DeliveryFailed(`This server is not set up to send ${message.method}`);
    await carrier.send(message, late);
  }
}

const timeoutMs = 8_000;

/** How nodemailer says what went wrong. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** E-mail by SMTP, over a few connections that are kept open. */
export class SmtpMessenger extends Messenger implements OnApplicationShutdown {
  private readonly transport;

  /**
   * @param url `smtp://` (with STARTTLS where the server offers it) or `smtps://`; nodemailer's options may be
   *   in its query, such as `?requireTLS=true`
   * @param from the address the mail comes from
   * @param requireTls whether a server that offers no STARTTLS is refused, unless the URL says otherwise
   */
  constructor(
    url: string,
    private readonly from: string,
    requireTls: boolean,
  ) {
    super();
    this.transport = createTransport({
      url,
      pool: true,
      requireTLS: requireTls,
      maxRequeues: 0,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    });
  }

  async send({ id, recipient, subject, text }: Message, signal: AbortSignal): Promise<void> {
    const to = { name: '', address: recipient };
    const messageId = `<${id}@${this.from.split('@').at(-1) ?? 'localhost'}>`;
    try {
      await this.transport.sendMail({ from: this.from, to, subject, text, messageId, signal });
    } catch (error) {
      throw new DeliveryFailed(describe(error as SmtpError), { cause: error });
    }
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** Servers like to repeat the address in their answers, so only the number is kept. */
function describe({ code, responseCode, command }: SmtpError): string {
  const what = responseCode === undefined ? (code ?? 'an error') : `answered ${responseCode}`;
  return `The mail server: ${what}${command === undefined ? '' : ` at ${command}`}`;
}

const timeoutSeconds = 8;
const maxResponseBytes = 64 * 1024;

/** SMS by any HTTP gateway, called as the settings say. Any 2xx means it was taken. */
export class SmsGatewayMessenger extends Messenger {
  // The operator names the gateway, and it may be on the operator's own network.
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
