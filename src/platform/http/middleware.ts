import { randomUUID } from 'node:crypto';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet, { type HelmetOptions } from 'helmet';
import { type Logger as RequestLogger } from 'pino';
import { type ErrorFormat, errorFormatOf } from '../envelope/error-format';
import { Failed } from '../envelope/failure';
import { withRequestId } from '../observability/logger';
import { type Metrics } from '../observability/metrics';
import { type IdentifiedRequest, isRepeated } from './request';

/** What is done at once with each request, before any route is looked for. @throws Failed when it is refused */
export type Step = (request: Request, response: Response) => void;

/** All of these as one middleware: each layer of the router costs every request a match of its path. */
export const inOrder =
  (...steps: readonly Step[]): RequestHandler =>
  (request, response, next) => {
    for (const step of steps) step(request, response);
    next();
  };

export const wellFormedRequestId = /^[\w.-]{1,128}$/;

/** Takes the client's `X-Request-Id` where it is well formed, else makes one; it is in the answer and in every log line. */
export function identifyRequest(request: Request, response: Response, next: NextFunction): void {
  const given = request.get('x-request-id');
  const id = given !== undefined && wellFormedRequestId.test(given) ? given : randomUUID();
  (request as IdentifiedRequest).id = id;
  response.setHeader('X-Request-Id', id);
  withRequestId(id, next);
}

/**
 * Logs and measures each request once it is over: one line, probes left out, and one observation where it was answered, by the
 * error format that speaks for its path. The line has the route's pattern in place of the URL, and no header: both hold secrets,
 * and name people. Why a request failed has a line of its own, from the filter that found out.
 */
export function observeRequests(
  logger: RequestLogger,
  metrics: Metrics,
  errorFormats: readonly ErrorFormat[],
): RequestHandler {
  return (request: Request, response: Response, next) => {
    const begunMs = performance.now();
    const { method, path } = request;
    // After `finish`, and also where the connection broke before it.
    response.on('close', () => {
      const durationMs = performance.now() - begunMs;
      const { statusCode: status, writableFinished: answered } = response;
      const route = routeOf(request);
      if (!path.startsWith('/health/')) {
        const { id: requestId } = request as IdentifiedRequest;
        const facts = { requestId, method, route, status, durationMs: Math.round(durationMs) };
        logger[status >= 500 ? 'error' : 'info'](facts, answered ? 'answered' : 'broken off');
      }
      if (!answered) return;
      // What an error format is called is its first base.
      const errorFormat = errorFormatOf(errorFormats, path)?.bases[0]?.slice(1) ?? 'none';
      metrics.countRequest({ errorFormat, method, route, status }, durationMs / 1000);
    });
    next();
  };
}

/** The pattern of the route that served a request, such as `/otp/:id`: unlike its URL it names no person, and there are few. */
function routeOf(request: Pick<Request, 'route'>): string {
  const { path } = (request.route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : 'none';
}

/**
 * Refuses what does not name exactly one host: it may say which tenant is meant, and a proxy may have judged by another.
 * RFC 9112, sections 3.2 and 3.2.2. Health may name none, since plain probes speak HTTP/1.0.
 */
export const requireHost: Step = (request) => {
  const problem = hostProblem(request);
  if (problem !== undefined) throw new Failed({ kind: 'unreadable', status: 400, problem });
};

function hostProblem(request: Request): string | undefined {
  const { originalUrl } = request;
  const { host } = request.headers;
  if (host === undefined) return request.path.startsWith('/health/') ? undefined : 'The request names no host.';
  if (isRepeated(request, 'host')) return 'The request names more than one host.';
  if (/[\s/?#@\\]/.test(host)) return 'The Host header is no host.';
  if (originalUrl.startsWith('/') || originalUrl === '*') return undefined;
  const target = URL.canParse(originalUrl) ? new URL(originalUrl) : undefined;
  const named = target && `${target.protocol}//${host}`;
  const same = named !== undefined && URL.canParse(named) && new URL(named).host === target?.host;
  return same ? undefined : 'The request’s address names another host than its Host header.';
}

/** What is for those who run the server; express overlooks case and a closing slash. */
const operatorsPaths = /^\/(admin|docs|health|metrics|openapi)(\/|$)/i;

/** What probes ask that run beside the server, before and without TLS. */
const probesPaths = /^\/(health|metrics)(\/|$)/i;

/** Knows by which port a request came; with one port alone, every path is served there. */
export interface Ports {
  readonly separate: boolean;
  isOperators(request: Pick<Request, 'socket'>): boolean;
}

/** Whether a path is served at the port of operators, or at the other. */
export function isServed(path: string, atOperatorsPort: boolean): boolean {
  return operatorsPaths.test(path) === atOperatorsPort;
}

/** Serves each path at its own port alone. */
export const keepPortsApart =
  (ports: Ports): Step =>
  (request) => {
    if (ports.separate && !isServed(request.path, ports.isOperators(request)))
      throw new Failed({ kind: 'no-such-route' });
  };

/**
 * Refuses what did not come over https, as the socket or a trusted proxy says. Health is exempt, since those who
 * probe it run beside the server, and at the operators' own port so are metrics.
 */
export const requireHttps =
  (ports: Ports): Step =>
  (request) => {
    const isProbe =
      request.path.startsWith('/health/') || (ports.isOperators(request) && probesPaths.test(request.path));
    if (!request.secure && !isProbe) throw new Failed({ kind: 'insecure-transport' });
  };

/**
 * Answers hold what is meant for their caller alone: no cache on the way, and no browser, keeps one, unless its route says
 * that it may be kept. ASVS 5.0, 14.3.2.
 */
export const storeNothing: Step = (_request, response) => {
  response.setHeader('Cache-Control', 'no-store');
};

/** Helmet's headers, which are the same for every answer: worked out once. */
export function protectBrowsers(options: HelmetOptions): Step {
  const headers: [name: string, value: string][] = [];
  const recorder = { setHeader: (...header: [string, string]) => headers.push(header), removeHeader: () => undefined };
  helmet(options)({} as Request, recorder as unknown as Response, () => undefined);
  return (_request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
  };
}

const warning =
  'A request came with X-Forwarded-For, but TRUST_PROXY is not set: all callers behind the proxy share its address and its rate limits, and https is not seen';

/** Warns once of a proxy before this server which the settings do not name; where they do, this is not in use. */
export function warnOfProxy(): Step {
  const log = new Logger('Proxy');
  let warned = false;
  return (request) => {
    if (warned || request.headers['x-forwarded-for'] === undefined) return;
    warned = true;
    log.warn(warning);
  };
}

/**
 * Refuses calls while the process cannot keep up: an early 503 costs little, and another node may serve the call. Health
 * is exempt, since a node that is busy need not be restarted.
 */
export const shedLoad =
  (lag: EventLoopLag): Step =>
  (request) => {
    if (lag.isExcessive && !request.path.startsWith('/health/'))
      throw new Failed({ kind: 'unavailable', mayBeDone: false });
  };

const windowMs = 1_000;
/** So many windows in a row, so that a single long computation is not taken for overload. */
const windowsInARow = 2;

/** How late this process is with everything it does, because it has too much to do or too little CPU. */
export class EventLoopLag {
  private readonly delays: IntervalHistogram = monitorEventLoopDelay();
  private readonly timer: NodeJS.Timeout;
  private lateWindows = 0;

  /** @param limitMs a mean delay that is too much, in milliseconds */
  constructor(limitMs: number) {
    this.delays.enable();
    this.timer = setInterval(() => {
      const meanMs = this.delays.mean / 1_000_000;
      this.lateWindows = meanMs > limitMs ? this.lateWindows + 1 : 0;
      this.delays.reset();
    }, windowMs).unref();
  }

  /** Whether the process has been late for some time and is so still. */
  get isExcessive(): boolean {
    return this.lateWindows >= windowsInARow;
  }

  stop(): void {
    clearInterval(this.timer);
    this.delays.disable();
  }
}
