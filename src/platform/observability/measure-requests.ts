import { type Request, type RequestHandler, type Response } from 'express';
import { type Metrics } from './metrics';
import { routeOf } from './route-of';

/**
 * Measures each request until its answer is out.
 * @param errorFormatOf names the error format that speaks for a path
 */
export function measureRequests(metrics: Metrics, errorFormatOf: (path: string) => string): RequestHandler {
  return (request: Request, response: Response, next) => {
    const begunMs = performance.now();
    const { method, path } = request;
    response.once('finish', () => {
      const labels = { errorFormat: errorFormatOf(path), method, route: routeOf(request), status: response.statusCode };
      metrics.countRequest(labels, (performance.now() - begunMs) / 1000);
    });
    next();
  };
}
