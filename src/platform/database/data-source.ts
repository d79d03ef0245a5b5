import { DataSource, type DataSourceOptions } from 'typeorm';
import { type SocketConnection } from './embedded';
import { steadyDriver } from './pool';

/** A PostgreSQL server's address: a connection URL, or the socket of the embedded server. */
export type DatabaseTarget = { url: string } | SocketConnection;

export interface Schema {
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
}

export interface DataSourceContents extends Schema {
  /** Connections at most. */
  readonly poolSize: number;
}

/** Milliseconds that the parts of a call may wait for the database. */
export interface Bounds {
  /** For a connection, one of the pool's or a new one. */
  readonly connectMs: number;
  /** For a lock; counted by the server, like the next. */
  readonly lockMs: number;
  readonly statementMs: number;
  /** For a statement's answer, counted here: longer than `statementMs`, so that it means a lost connection. */
  readonly answerMs: number;
}

/** `connectMs` and `answerMs` make 4.5 s: a call is answered within 5 s, whatever becomes of the database. */
export const callBounds: Bounds = { connectMs: 2_000, lockMs: 1_500, statementMs: 2_000, answerMs: 2_500 };

/** How long a connection may hold locks while it does nothing, in milliseconds. */
const idleInTransactionMs = 15_000;

/** How long a connection is silent before TCP asks whether the other side is still there, in milliseconds. */
const keepAliveMs = 10_000;

/**
 * A data source that is not yet initialized, and that changes its schema by migrations only.
 * @param bounds null only for what may take long, such as migrations
 */
export function createDataSource(
  target: DatabaseTarget,
  contents: DataSourceContents,
  bounds: Bounds | null = callBounds,
): DataSource {
  return new DataSource({
    type: 'postgres',
    ...address(target),
    ...contents,
    driver: steadyDriver,
    applicationName: 'rescind',
    extra: {
      idle_in_transaction_session_timeout: idleInTransactionMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      ...(bounds !== null && {
        connectionTimeoutMillis: bounds.connectMs,
        lock_timeout: bounds.lockMs,
        statement_timeout: bounds.statementMs,
        query_timeout: bounds.answerMs,
      }),
    },
    synchronize: false,
    logging: false,
    // Ids are made by the application; without this TypeORM would install uuid-ossp for a uuid column.
    installExtensions: false,
    migrationsTransactionMode: 'each',
  });
}

function address(target: DatabaseTarget) {
  if ('url' in target) return { url: target.url };
  const { host, port, user, database } = target;
  return { host, port, username: user, database };
}
