import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

/** No connection could be had from the pool, so nothing was asked of the database. */
export class NoConnection extends Error {
  constructor(cause: unknown) {
    super('No connection to the database could be had', { cause });
    this.name = 'NoConnection';
  }
}

/** Too many calls wait for the same locked row. */
export class RowBusy extends Error {
  constructor() {
    super('The row has been locked for too long, or by too many');
    this.name = 'RowBusy';
  }
}

/**
 * How an outage left the statement that met it: `not-run` where the database certainly changed nothing, `unknown` where
 * the answer was lost, so that it may have been committed.
 */
export type Outage = 'not-run' | 'unknown';

/**
 * SQLSTATEs, or their classes, with which the server refuses for now what would have been right. The first that a code
 * begins with counts. Source: PostgreSQL, Appendix A.
 */
const outages: readonly (readonly [prefix: string, outage: Outage])[] = [
  ['57P01', 'unknown'], // admin_shutdown: may strike between a commit and its answer
  ['57P02', 'unknown'], // crash_shutdown
  ['57P', 'not-run'], // cannot_connect_now and the like
  ['57014', 'not-run'], // query_canceled: statement_timeout
  ['53', 'not-run'], // insufficient_resources
  ['25006', 'not-run'], // read_only_sql_transaction
  ['25P03', 'not-run'], // idle_in_transaction_session_timeout
  ['55P03', 'not-run'], // lock_not_available: lock_timeout
  ['40', 'not-run'], // transaction_rollback: deadlock_detected, serialization_failure
  ['58', 'unknown'], // system_error
  ['08', 'unknown'], // connection_exception
];

const lostConnection = /^(Connection terminated|Query read timeout)/;
const closedConnection = /not queryable/;
const lostSocket = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** What an error of pg or TypeORM says of an outage; undefined where it says that the statement was wrong. */
export function outageOf(error: unknown): Outage | undefined {
  if (error instanceof NoConnection || error instanceof RowBusy) return 'not-run';
  if (error instanceof QueryFailedError) return outageOf(error.driverError);
  if (error instanceof DatabaseError) return outages.find(([prefix]) => error.code?.startsWith(prefix))?.[1];
  if (!(error instanceof Error)) return undefined;
  if (closedConnection.test(error.message)) return 'not-run';
  const { code } = error as NodeJS.ErrnoException;
  return lostConnection.test(error.message) || lostSocket.has(code ?? '') ? 'unknown' : undefined;
}
