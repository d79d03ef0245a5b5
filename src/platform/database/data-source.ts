import { DataSource, type DataSourceOptions } from 'typeorm';
import { type SocketConnection } from './embedded';
import { steadyDriver } from './pool';

/** A PostgreSQL server's address: a connection URL, or the socket of the embedded server. */
export type DatabaseTarget = { url: string } | SocketConnection;

export interface DataSourceContents {
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** Connections at most; migrating alone takes two. */
  poolSize: number;
}

/**
 * What one stuck neighbour may cost the others, in milliseconds: waiting for a lock, and holding locks while doing
 * nothing. Beyond that a statement fails, and its connection serves again.
 */
const limits = {
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 15_000,
};

/** A data source that is not yet initialized, and that changes its schema by migrations only. */
export function createDataSource(target: DatabaseTarget, contents: DataSourceContents): DataSource {
  return new DataSource({
    type: 'postgres',
    ...address(target),
    ...contents,
    driver: steadyDriver,
    applicationName: 'rescind',
    extra: limits,
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
