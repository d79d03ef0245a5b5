import { type DestinationStream, type Logger, pino } from 'pino';
import { type LogLevel } from '../settings/settings';
import { errorFacts } from './error-facts';
import { currentRequestId } from './request-context';

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
