import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { isLoopback } from '../settings/settings';

/** A request after the first middleware: it has an id. */
export type IdentifiedRequest = Request & { id: string };

/** Whether a header was sent more than once: of some, Node keeps the first alone, and a proxy may have judged by another. */
export function isRepeated({ rawHeaders }: Pick<Request, 'rawHeaders'>, name: string): boolean {
  let times = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index];
    if (given?.length === name.length && given.toLowerCase() === name) times += 1;
  }
  return times > 1;
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

/** Whether a request comes from this machine: not where a proxy that is not trusted says whom it speaks for. */
export function isFromThisMachine({ app, headers, ip = '' }: Request): boolean {
  const proxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const believed = Boolean(app.get('trust proxy'));
  return isLoopback(ip) && (believed || !proxied);
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
