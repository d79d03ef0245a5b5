import { type NextFunction, type Request, type Response } from 'express';

/**
 * Answers hold what is meant for their caller alone: no cache on the way, and no browser, keeps one, unless its route says
 * that it may be kept. ASVS 5.0, 14.3.2.
 */
export function storeNothing(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}
