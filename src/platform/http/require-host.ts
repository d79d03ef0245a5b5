import { type NextFunction, type Request, type Response } from 'express';
import { Failed } from '../envelope/failure';

/**
 * Refuses what does not name exactly one host: it may say which tenant is meant, and a proxy may have judged by another.
 * RFC 9112, sections 3.2 and 3.2.2. Health may name none, since plain probes speak HTTP/1.0.
 */
export function requireHost(request: Request, _response: Response, next: NextFunction): void {
  const problem = hostProblem(request);
  if (problem !== undefined) throw new Failed({ kind: 'unreadable', status: 400, problem });
  next();
}

function hostProblem({ headers: { host }, path, rawHeaders, originalUrl }: Request): string | undefined {
  if (host === undefined) return path.startsWith('/health/') ? undefined : 'The request names no host.';
  // Node keeps the first of several.
  if (rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length > 1)
    return 'The request names more than one host.';
  if (/[\s/?#@\\]/.test(host)) return 'The Host header is no host.';
  if (originalUrl.startsWith('/') || originalUrl === '*') return undefined;
  const target = URL.canParse(originalUrl) ? new URL(originalUrl) : undefined;
  const named = target && `${target.protocol}//${host}`;
  const same = named !== undefined && URL.canParse(named) && new URL(named).host === target?.host;
  return same ? undefined : 'The request’s address names another host than its Host header.';
}
