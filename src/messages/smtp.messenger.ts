import { type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { DeliveryFailed } from './delivery-channel';
import { type Message, Messenger } from './messenger';

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
   * @param url `smtp://` (with STARTTLS where the server offers it) or `smtps://`; nodemailer's options may stand
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

/** Servers like to repeat the address in their answers, so only its number is told. */
function describe({ code, responseCode, command }: SmtpError): string {
  const what = responseCode === undefined ? (code ?? 'an error') : `answered ${responseCode}`;
  return `The mail server: ${what}${command === undefined ? '' : ` at ${command}`}`;
}
