import { type NextFunction, type Request, type Response } from 'express';
import { Failed } from '../envelope/failure';

/**
 * Refuses what names no host: it may say which tenant is meant. RFC 9112, section 3.2. Health is exempt, since plain
 * probes speak HTTP/1.0.
 */
export function requireHost(request: Request, _response: Response, next: NextFunction): void {
  if (request.headers.host !== undefined || request.path.startsWith('/health/')) next();
  else throw new Failed({ kind: 'unreadable', status: 400, problem: 'The request names no host.' });
}
