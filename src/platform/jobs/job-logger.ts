import { type Logger as NestLogger } from '@nestjs/common';
import { Logger, type LogLevel } from 'graphile-worker';

/** The queue's own log, in ours. Its messages name jobs; what they carry (`meta`) stays out. */
export function jobLogger(log: NestLogger): Logger {
  const write: Record<`${LogLevel}`, (message: string) => void> = {
    error: (message) => {
      log.error(message);
    },
    warning: (message) => {
      log.warn(message);
    },
    info: (message) => {
      log.debug(message);
    },
    debug: (message) => {
      log.verbose(message);
    },
  };
  return new Logger(() => (level, message) => {
    write[level](message);
  });
}
