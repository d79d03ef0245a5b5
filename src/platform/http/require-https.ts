import { type NextFunction, type Request, type Response } from 'express';
import { Failed } from '../envelope/failure';

/**
 * Refuses what did not come over https, as told by the socket or by a trusted proxy. Health is exempt,
 * since those who probe it stand beside the server.
 */
export function requireHttps(request: Request, _response: Response, next: NextFunction): void {
  if (request.secure || request.path.startsWith('/health/')) next();
  else throw new Failed({ kind: 'insecure-transport' });
}
