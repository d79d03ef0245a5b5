import { type Request } from 'express';

/** The pattern of the route that served a request, such as `/otp/:id`: unlike its URL it names no person, and there are few. */
export function routeOf(request: Pick<Request, 'route'>): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : 'none';
}
