import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/**
 * Room for the request line and headers: an id of 100 kB in a path is then answered in its dialect,
 * and not by the HTTP parser, which knows no envelope.
 */
const maxHeaderBytes = 128 * 1024;

export class HttpAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.httpServer = createServer({ maxHeaderSize: maxHeaderBytes }, this.getInstance());
  }
}
