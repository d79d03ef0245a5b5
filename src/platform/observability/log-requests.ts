import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Request, type RequestHandler } from 'express';
import { type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { routeOf } from './route-of';

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
