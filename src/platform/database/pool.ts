import pg, { type PoolClient, type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { NoConnection } from './outage';

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (broken?: unknown) => void,
) => void;

/**
 * A connection that breaks tells so as an event, besides failing the query under way; without a listener
 * node would take that event for a fatal error. The pool listens only while nobody has the connection.
 */
class SteadyPool extends pg.Pool {
  constructor(config?: PoolConfig) {
    super(config);
    this.on('connect', (client) => client.on('error', () => undefined));
  }

  override connect(): Promise<PoolClient>;
  override connect(connected: Connected): void;
  /** @throws NoConnection in place of whatever the driver says, which does not tell it from a connection that is lost */
  override connect(connected?: Connected): Promise<PoolClient> | void {
    if (connected === undefined)
      return super.connect().catch((error: unknown) => {
        throw new NoConnection(error);
      });
    super.connect((error, client, release) => {
      connected(error === undefined ? undefined : new NoConnection(error), client, release);
    });
  }
}

/** The pg driver for TypeORM, with pools whose broken connections do no harm. */
export const steadyDriver = { ...pg, Pool: SteadyPool };

/** The pg pool inside an initialized data source, for what TypeORM cannot say: named statements. */
export function poolOf(dataSource: DataSource): pg.Pool {
  const driver = dataSource.driver as unknown as Pick<PostgresDriver, 'master'>;
  return driver.master as pg.Pool;
}
