import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Duplex } from 'node:stream';
import { ExpressAdapter } from '@nestjs/platform-express';
import { type Express, type Request } from 'express';
import { type ErrorFormat } from '../envelope/error-format';
import { isServed, type Ports } from './middleware';
import { allowedMethods } from './request';
import { answerUnreadable } from './unreadable-requests';

/**
 * Room for the request line and headers: an id of 100 kB in a path is then answered in its error format,
 * and not by the HTTP parser, which knows no envelope.
 */
const maxHeaderBytes = 128 * 1024;

/** How long requests under way may take once the server is to stop. */
const finishWithinMs = 9_000;

interface Listener {
  readonly server: Server;
  readonly underWay: ReadonlySet<ServerResponse>;
}

/** One application at one port, or at two: that of operators, and that of all others. */
export class HttpAdapter extends ExpressAdapter implements Ports {
  private stopped: Promise<unknown> | undefined;
  private readonly listeners: Listener[] = [];
  private readonly operatorsSockets = new WeakSet<Duplex>();

  /** @param separate whether operators have a port of their own, where `listenToOperators` listens */
  constructor(
    private readonly errorFormats: readonly ErrorFormat[],
    readonly separate: boolean,
  ) {
    super();
  }

  override initHttpServer(): void {
    this.httpServer = this.serverFor(false);
  }

  isOperators({ socket }: Pick<Request, 'socket'>): boolean {
    return this.operatorsSockets.has(socket);
  }

  /** Answers the address. */
  async listenToOperators(port: number, host: string): Promise<string> {
    const server = this.serverFor(true);
    server.on('connection', (socket) => this.operatorsSockets.add(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return addressOf(server);
  }

  /** Stops serving, once however often it is called; resolves when the last request is over. */
  override async close(): Promise<void> {
    this.stopped ??= Promise.all(
      this.listeners.map(({ server, underWay }) => stopServing(server, underWay, finishWithinMs)),
    );
    await this.stopped;
  }

  private serverFor(operators: boolean): Server {
    const app = this.getInstance<Express>();
    // That a host is named is for `requireHost` to see to, which has an envelope.
    const server = createServer({ maxHeaderSize: maxHeaderBytes, requireHostHeader: false }, app);
    // Node would ask for the body at once; here the code that reads it does, after the guards. No other expectation is known,
    // and any may be overlooked (RFC 9110, section 10.1.1).
    for (const event of ['checkContinue', 'checkExpectation'] as const)
      server.on(event, (request, response) => server.emit('request', request, response));
    answerUnreadable(server, this.errorFormats, (path) =>
      this.separate && !isServed(path, operators) ? [] : allowedMethods({ app, path }),
    );
    this.listeners.push({ server, underWay: answersUnderWay(server) });
    return server;
  }
}

/** The address that a server is really bound to, as an URL: of all interfaces it says so. */
export function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const sweepMs = 50;

/** The answers that a server has not finished yet; to be asked for before it serves. */
export function answersUnderWay(server: Server): ReadonlySet<ServerResponse> {
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (_request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return underWay;
}

/**
 * Takes no more connections, lets the requests under way finish, and closes each connection once it has nothing more
 * to do; their answers say so. What is not over in time is cut off.
 * @param underWay the server's `answersUnderWay`
 * @param withinMs how long requests under way may take
 */
export async function stopServing(
  server: Server,
  underWay: ReadonlySet<ServerResponse>,
  withinMs: number,
): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  // A connection that was busy at first is idle later, and a client might keep it open for long.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, sweepMs);
  const limit = setTimeout(() => {
    server.closeAllConnections();
  }, withinMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}
