import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Request, type RequestHandler, type Response } from 'express';
import { type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { type ErrorFormat, errorFormatOf } from '../envelope/error-format';
import { type Metrics } from './metrics';

/**
 * One line for each request when it is over; probes are left out. It has the route's pattern in place of the URL, and
 * no header: both hold secrets, and name people.
 */
export function logRequests(logger: Logger): RequestHandler {
  const message = (_request: unknown, { writableFinished }: ServerResponse) =>
    writableFinished ? 'answered' : 'broken off';
  return pinoHttp({
    logger,
    serializers: { req: () => undefined },
    wrapSerializers: false,
    customAttributeKeys: { responseTime: 'durationMs' },
    autoLogging: { ignore: ({ url }) => url?.startsWith('/health/') === true },
    customLogLevel: (_request, { statusCode }) => (statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: message,
    customErrorMessage: message,
    customSuccessObject: facts,
    // Why it failed has a line of its own, from the filter that found out.
    customErrorObject: (request, response, _error, timed: Timed) => facts(request, response, timed),
  });
}

interface Timed {
  readonly durationMs: number;
}

function facts(request: IncomingMessage, { statusCode }: ServerResponse, { durationMs }: Timed): object {
  const { id, method } = request;
  return { requestId: id, method, route: routeOf(request as Request), status: statusCode, durationMs };
}

/** Measures each request until its answer is out, by the error format that speaks for its path. */
export function measureRequests(metrics: Metrics, errorFormats: readonly ErrorFormat[]): RequestHandler {
  return (request: Request, response: Response, next) => {
    const begunMs = performance.now();
    const { method, path } = request;
    response.once('finish', () => {
      // What an error format is called is its first base.
      const errorFormat = errorFormatOf(errorFormats, path)?.bases[0]?.slice(1) ?? 'none';
      const labels = { errorFormat, method, route: routeOf(request), status: response.statusCode };
      metrics.countRequest(labels, (performance.now() - begunMs) / 1000);
    });
    next();
  };
}

/** The pattern of the route that served a request, such as `/otp/:id`: unlike its URL it names no person, and there are few. */
function routeOf(request: Pick<Request, 'route'>): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : 'none';
}
