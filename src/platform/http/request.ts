import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';
import { withRequestId } from '../observability/logger';

/** A request after the first middleware: it has an id. */
export type IdentifiedRequest = Request & { id: string };

export const wellFormedRequestId = /^[\w.-]{1,128}$/;

/** Takes the client's `X-Request-Id` where it is well formed, else makes one; it is in the answer and in every log line. */
export function identifyRequest(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  const id = given !== undefined && wellFormedRequestId.test(given) ? given : randomUUID();
  (request as IdentifiedRequest).id = id;
  response.setHeader('X-Request-Id', id);
  withRequestId(id, next);
}

/** The part of Express's router that is looked at: its public, if little documented, layers. */
interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that this path has routes for, as the `Allow` header names them; none where the path is unknown. */
export function allowedMethods(request: Pick<Request, 'app' | 'path'>): string[] {
  const { stack } = request.app.router as unknown as { stack: readonly Layer[] };
  const methods = stack
    .filter((layer) => layer.route !== undefined && matches(layer, request.path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}))
    .map((method) => method.toUpperCase());
  return [...new Set(methods)].sort();
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

/** The parameter that receives a signal, aborted once the client has closed the connection. */
export const DisconnectSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const gone = new AbortController();
  context
    .switchToHttp()
    .getResponse<Response>()
    .once('close', () => {
      gone.abort();
    });
  return gone.signal;
});
