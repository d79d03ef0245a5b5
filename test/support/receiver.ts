import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { eventually } from './eventually';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `performance.now()` when it came. */
  readonly at: number;
}

/** A status to answer with, now or later, or with headers; or never. */
export type Answer = number | Promise<number> | AnswerWithHeaders | 'never';

interface AnswerWithHeaders {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
}

/** Another party's HTTP server: it keeps what it receives, and gives the answers it is handed. */
export class Receiver {
  readonly calls: Received[] = [];
  private answers: Answer[] = [];

  private constructor(
    private readonly server: Server,
    private usual: Answer,
  ) {}

  static async open(usual: Answer = 200): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, usual);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const { method = '', url: path = '', headers } = request;
        receiver.calls.push({ method, path, headers, body, at: performance.now() });
        const answer = receiver.answers.shift() ?? receiver.usual;
        if (answer === 'never') return;
        void Promise.resolve(answer).then((given) => {
          const { status, headers } = typeof given === 'number' ? { status: given, headers: {} } : given;
          // A redirect leads to this receiver again, where it would be seen.
          const redirected = status >= 300 && status < 400 ? { location: '/redirected' } : {};
          response.writeHead(status, { ...redirected, ...headers }).end();
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** First these answers, in turn; then the usual one. */
  answer(usual: Answer, ...first: Answer[]): void {
    this.usual = usual;
    this.answers = first;
  }

  /** What was received at this path, once it is at least `count` calls. */
  received(path: string, count = 1): Promise<Received[]> {
    return eventually(() => {
      const calls = this.calls.filter((call) => call.path === path);
      return Promise.resolve(calls.length >= count && calls);
    });
  }

  /** How many callers still hold the line. */
  connections(): Promise<number> {
    return promisify(this.server.getConnections.bind(this.server))();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
