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

/** A data source that is not yet initialized, and that changes its schema by migrations only. */
export function createDataSource(target: DatabaseTarget, contents: DataSourceContents): DataSource {
  return new DataSource({
    type: 'postgres',
    ...address(target),
    ...contents,
    driver: steadyDriver,
    applicationName: 'rescind',
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
