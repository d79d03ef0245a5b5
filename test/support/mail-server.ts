import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { selfSigned } from './certificate';
import { eventually } from './eventually';

export interface ReceivedMail {
  readonly to: readonly string[];
  /** Headers and body, as they came. */
  readonly source: string;
}

/** What becomes of a mail: it is taken, refused for now, or never answered. */
export type MailAnswer = 'take' | 'refuse' | 'never';

/** A real SMTP server on loopback. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  answer: MailAnswer = 'take';
  /** How often a client tried to hand a mail over. */
  tries = 0;

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
    private readonly secure: boolean,
  ) {}

  /** @param secure speaks TLS from the first byte, with a certificate that no client trusts */
  static async open(port = 0, secure = false): Promise<MailServer> {
    const opened: { mailServer?: MailServer } = {};
    const server = new SMTPServer({
      ...(secure && { secure, ...(await selfSigned()) }),
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onData: (stream, session, callback) => {
        void text(stream).then((source) => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          opened.mailServer?.receive({ to, source }, callback);
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    opened.mailServer = new MailServer(server, (server.server.address() as AddressInfo).port, secure);
    return opened.mailServer;
  }

  get url(): string {
    return `${this.secure ? 'smtps' : 'smtp'}://127.0.0.1:${this.port}`;
  }

  /** What this recipient has received, once it is at least `count` mails. */
  received(recipient: string, count = 1): Promise<ReceivedMail[]> {
    return eventually(() => {
      const mails = this.mails.filter(({ to }) => to.includes(recipient));
      return Promise.resolve(mails.length >= count && mails);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private receive(mail: ReceivedMail, callback: (error?: Error | null) => void): void {
    this.tries += 1;
    if (this.answer === 'never') return;
    if (this.answer === 'refuse') {
      callback(Object.assign(new Error(`no room for ${mail.to.join()}`), { responseCode: 452 }));
      return;
    }
    this.mails.push(mail);
    callback();
  }
}
