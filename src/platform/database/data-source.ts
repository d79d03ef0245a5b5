import { DataSource, type DataSourceOptions } from 'typeorm';
import { type SocketConnection } from './embedded';
import { addSessionPool, applicationName, steadyDriver, type SteadyPoolConfig } from './pool';

/** A PostgreSQL server's address: a connection URL, or the socket of the embedded server. */
export type DatabaseTarget = { readonly url: string; readonly pooler?: Pooler } | SocketConnection;

export interface Schema {
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
}

interface DataSourceContents extends Schema {
  /** Connections at most. */
  readonly poolSize: number;
}

/**
 * A data source that is not yet initialized, and that changes its schema by migrations only.
 * @param bounds null only for what may take long, such as migrations
 */
export function createDataSource(
  target: DatabaseTarget,
  contents: DataSourceContents,
  bounds: Bounds | null = callBounds,
): DataSource {
  const pooler = 'url' in target ? target.pooler : undefined;
  const dataSource = new DataSource({
    type: 'postgres',
    ...address(target),
    ...contents,
    driver: steadyDriver,
    applicationName,
    extra: connectionSettings(bounds, pooler),
    synchronize: false,
    logging: false,
    // Ids are made by the application; without this TypeORM would install uuid-ossp for a uuid column.
    installExtensions: false,
    migrationsTransactionMode: 'each',
  });
  if (pooler !== undefined) addSessionPool(dataSource, pooler.sessionUrl, connectionSettings(bounds));
  return dataSource;
}

function address(target: DatabaseTarget) {
  if ('url' in target) return { url: target.url };
  const { host, port, user, database } = target;
  return { host, port, username: user, database };
}

/** Milliseconds that the parts of a call may wait for the database. */
interface Bounds {
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

/** A pooler in transaction mode, where one session of a client's is many of the server's. */
interface Pooler {
  /** PostgreSQL itself, for what needs a session: LISTEN, and locks that outlive a transaction. */
  readonly sessionUrl: string;
  /** Whether the pooler follows named statements, as PgBouncer does from 1.21 with `max_prepared_statements`. */
  readonly namedStatements: boolean;
}

/** How long a connection may hold locks while it does nothing, in milliseconds. */
const idleInTransactionMs = 15_000;

/** How long a connection is silent before TCP asks whether the other side is still there, in milliseconds. */
const keepAliveMs = 10_000;

/** The settings of pg for each connection. @param bounds null: none, whatever the role's own are */
function connectionSettings(bounds: Bounds | null, pooler?: Pooler): SteadyPoolConfig {
  const alive = { keepAlive: true, keepAliveInitialDelayMillis: keepAliveMs };
  if (bounds === null) return { ...alive, options: '-c lock_timeout=0 -c statement_timeout=0' };
  const countedHere = { connectionTimeoutMillis: bounds.connectMs, query_timeout: bounds.answerMs };
  // A pooler knows no settings of a session; there they must be the role's (`requireBounds`).
  if (pooler !== undefined) return { ...alive, ...countedHere, namedStatements: pooler.namedStatements };
  return {
    ...alive,
    ...countedHere,
    lock_timeout: bounds.lockMs,
    statement_timeout: bounds.statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  };
}
