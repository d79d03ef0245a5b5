import { type Request } from 'express';

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
