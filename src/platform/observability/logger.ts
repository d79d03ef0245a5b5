import { AsyncLocalStorage } from 'node:async_hooks';
import { type LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type LogLevel } from '../settings/settings';

/** The one log: lines of JSON on standard output, each with the id of the request it belongs to. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => ({ requestId: currentRequestId() }),
    serializers: { err: errorFacts },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** What the log holds of an error. */
interface ErrorFacts {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFacts;
}

/**
 * Only these members: errors of a database carry the statement's parameters and whole rows beside them, in which
 * there is people's data.
 */
function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    stack,
    ...(cause !== undefined && { cause: errorFacts(cause) }),
  };
}

interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext | undefined>();

/** Runs what follows, and all it awaits, as part of one request. */
export function withRequestId<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work);
}

/** Runs what follows, and all it awaits, as part of no request, also where a request gave the occasion. */
export function outsideRequests<Result>(work: () => Result): Result {
  return storage.run(undefined, work);
}

/** The id of the request that is being served, where one is: it goes into log lines and history rows. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

type Method = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest logs each module and route at its start, which is of use only in search of a fault. */
const chatty = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/**
 * Nest's `Logger` in pino. What its methods are called with: a message, an error or an object of facts; then, it may
 * be, a message to that error or object; and, from a logger that has a name, that name last.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  fatal(message: unknown, ...more: unknown[]): void {
    this.write('fatal', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    this.write('error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.write('warn', message, more);
  }

  log(message: unknown, ...more: unknown[]): void {
    this.write(chatty.has(String(more.at(-1))) ? 'debug' : 'info', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.write('trace', message, more);
  }

  private write(method: Method, subject: unknown, more: unknown[]): void {
    const words = more.filter((each): each is string => typeof each === 'string');
    const context = words.pop();
    if (typeof subject === 'string') this.pino[method]({ context }, [subject, ...words].join(' '));
    else if (subject instanceof Error) this.pino[method]({ context, err: subject }, words[0] ?? subject.message);
    else this.pino[method]({ context, ...(subject as object) }, words[0]);
  }
}
