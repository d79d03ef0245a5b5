import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import { type ErrorFormat, errorFormatOf, type Rendered } from '../envelope/error-format';
import { type Failure } from '../envelope/failure';
import { problemErrorFormat } from '../envelope/problem.error-format';
import { wellFormedRequestId } from './middleware';

/** What Node knows of a request that it could not read. */
interface ClientError extends Error {
  readonly code?: string;
  /** What it had in hand: the whole request, or only its end. */
  readonly rawPacket?: Buffer;
}

/** The head of a request, as far as it can be made out. */
interface Head {
  readonly method: string;
  readonly path: string;
  readonly requestId: string;
}

/** An exchange that has begun when its connection turns out to be unreadable. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers what the HTTP parser refuses, and therefore no application sees, in the envelope of the path it was sent to;
 * where that cannot be made out, as a problem document. The connection ends with it.
 * @param allowedAt the methods of a path's routes; none where the path is unknown
 */
export function answerUnreadable(
  server: Server,
  errorFormats: readonly ErrorFormat[],
  allowedAt: (path: string) => string[],
): void {
  const log = new Logger('Unreadable');
  const underWay = new WeakMap<Duplex, Exchange>();
  const begun = new WeakMap<Duplex, Buffer>();
  server.on('connection', (socket) => {
    // The parser's error holds the last packet alone, and the request line is in the first (3 µs a request).
    socket.on('data', (packet: Buffer) => {
      if (!underWay.has(socket) && !begun.has(socket)) begun.set(socket, packet);
    });
  });
  server.on('request', (request, response) => {
    begun.delete(request.socket);
    underWay.set(request.socket, { request, response });
    response.once('close', () => underWay.delete(request.socket));
  });
  server.on('clientError', (error: ClientError, socket) => {
    const exchange = underWay.get(socket);
    const failure = failureOf(error);
    if (failure === undefined || !socket.writable || exchange?.response.headersSent === true) {
      socket.destroy();
      return;
    }
    const head = headOf(begun.get(socket) ?? error.rawPacket, exchange);
    const allowed = error.code === 'HPE_INVALID_METHOD' ? allowedAt(head.path) : [];
    const meant: Failure = allowed.length > 0 ? { kind: 'wrong-method', allowed } : failure;
    const rendered = (errorFormatOf(errorFormats, head.path) ?? problemErrorFormat).render(meant, {
      ...head,
      at: new Date(),
    });
    log.log({ requestId: head.requestId, status: rendered.status, code: error.code }, 'unreadable');
    socket.end(write(rendered, head.requestId), () => socket.destroy());
  });
}

/** Undefined where it was the connection that failed. */
function failureOf({ code = '' }: ClientError): Failure | undefined {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { kind: 'unreadable', status: 431, problem: 'The head of the request is too large.' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { kind: 'unreadable', status: 408, problem: 'The request did not come in time.' };
  return code.startsWith('HPE_')
    ? { kind: 'unreadable', status: 400, problem: 'The request is not valid HTTP.' }
    : undefined;
}

function headOf(packet: Buffer | undefined, exchange: Exchange | undefined): Head {
  const text = packet?.toString('latin1') ?? '';
  const [, method = '', path = '/'] = /^([!-~]+) (\/[^\s?]*)/.exec(text) ?? [];
  const id = /\r\nx-request-id:[ \t]*(\S+)[ \t]*\r\n/i.exec(text)?.[1] ?? '';
  const given = { method, path, requestId: wellFormedRequestId.test(id) ? id : randomUUID() };
  if (exchange === undefined) return given;
  const { request, response } = exchange;
  const requestId = response.getHeader('X-Request-Id');
  return {
    method: request.method ?? method,
    path: request.url?.split('?')[0] ?? path,
    requestId: typeof requestId === 'string' ? requestId : given.requestId,
  };
}

function write({ status, headers = {}, body }: Rendered, requestId: string): string {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const fields = {
    'Content-Type': 'application/json',
    ...headers,
    'Content-Length': String(Buffer.byteLength(content)),
    'X-Request-Id': requestId,
    Connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', content].join('\r\n');
}
