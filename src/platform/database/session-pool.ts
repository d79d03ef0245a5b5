import { type Pool } from 'pg';
import { type DataSource } from 'typeorm';
import { poolOf, SteadyPool, type SteadyPoolConfig } from './pool';

export const applicationName = 'rescind';

/** Connections at most; few things need a session. */
const poolSize = 2;

const sessionPools = new WeakMap<DataSource, Pool>();

/** Gives a data source behind a pooler connections to PostgreSQL itself. */
export function addSessionPool(dataSource: DataSource, url: string, settings: SteadyPoolConfig): void {
  const pool = new SteadyPool({
    ...settings,
    connectionString: url,
    application_name: applicationName,
    max: poolSize,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks has been removed already.
  pool.on('error', () => undefined);
  sessionPools.set(dataSource, pool);
}

/** The pool whose connections are sessions of the server: for LISTEN, and locks that outlive a transaction. */
export function sessionPoolOf(dataSource: DataSource): Pool {
  return sessionPools.get(dataSource) ?? poolOf(dataSource);
}

/** Closes the connections of both pools. */
export async function closePools(dataSource: DataSource): Promise<void> {
  await sessionPools.get(dataSource)?.end();
  if (dataSource.isInitialized) await dataSource.destroy();
}
