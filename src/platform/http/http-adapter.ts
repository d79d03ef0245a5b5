import { createServer, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { type Express } from 'express';
import { type Dialect } from '../envelope/dialect';
import { allowedMethods } from './allowed-methods';
import { answersUnderWay, stopServing } from './stop-serving';
import { answerUnreadable } from './unreadable-requests';

/**
 * Room for the request line and headers: an id of 100 kB in a path is then answered in its dialect,
 * and not by the HTTP parser, which knows no envelope.
 */
const maxHeaderBytes = 128 * 1024;

/** How long requests under way may take once the server is to stop. */
const finishWithinMs = 9_000;

export class HttpAdapter extends ExpressAdapter {
  private stopped: Promise<void> | undefined;
  private underWay: ReadonlySet<ServerResponse> = new Set();

  constructor(private readonly dialects: readonly Dialect[]) {
    super();
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    // That a host is named is for `requireHost` to see to, which has an envelope.
    const server = createServer({ maxHeaderSize: maxHeaderBytes, requireHostHeader: false }, app);
    // Node would ask for the body at once; here whoever reads it does, after the guards. No other expectation is known,
    // and any may be overlooked (RFC 9110, section 10.1.1).
    for (const event of ['checkContinue', 'checkExpectation'] as const)
      server.on(event, (request, response) => server.emit('request', request, response));
    answerUnreadable(server, this.dialects, (path) => allowedMethods({ app, path }));
    this.underWay = answersUnderWay(server);
    this.httpServer = server;
  }

  /** Stops serving, once however often it is called; resolves when the last request is over. */
  override close(): Promise<void> {
    return (this.stopped ??= stopServing(this.httpServer, this.underWay, finishWithinMs));
  }
}
