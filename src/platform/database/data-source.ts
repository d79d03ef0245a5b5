import { DataSource, type DataSourceOptions } from 'typeorm';
import { type SocketConnection } from './embedded';
import { type Bounds, callBounds, connectionSettings, type Pooler } from './connection-settings';
import { steadyDriver } from './pool';
import { addSessionPool, applicationName } from './session-pool';

/** A PostgreSQL server's address: a connection URL, or the socket of the embedded server. */
export type DatabaseTarget = { readonly url: string; readonly pooler?: Pooler } | SocketConnection;

export interface Schema {
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
}

export interface DataSourceContents extends Schema {
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
