import { randomUUID } from 'node:crypto';
import { type NextFunction, type Request, type Response } from 'express';
import { withRequestId } from '../observability/request-context';

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
