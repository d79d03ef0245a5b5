import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { stopServing } from './stop-serving';

/**
 * Room for the request line and headers: an id of 100 kB in a path is then answered in its dialect,
 * and not by the HTTP parser, which knows no envelope.
 */
const maxHeaderBytes = 128 * 1024;

/** How long requests under way may take once the server is to stop. */
const finishWithinMs = 10_000;

export class HttpAdapter extends ExpressAdapter {
  private stopped: Promise<void> | undefined;

  override initHttpServer(): void {
    this.httpServer = createServer({ maxHeaderSize: maxHeaderBytes }, this.getInstance());
  }

  /** Stops serving, once however often it is called; resolves when the last request is over. */
  override close(): Promise<void> {
    return (this.stopped ??= stopServing(this.httpServer, finishWithinMs));
  }
}
