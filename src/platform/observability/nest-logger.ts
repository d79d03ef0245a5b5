import { type LoggerService } from '@nestjs/common';
import { type Logger } from 'pino';

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
