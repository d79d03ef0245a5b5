import { type EventEmitter } from 'node:events';
import pg, { type PoolClient, type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { NoConnection } from './outage';

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (broken?: unknown) => void,
) => void;

/** A client that closes its connection when an answer has not come in time: the answer to the next query would be late. */
class SteadyClient extends pg.Client {
  // Of the driver's many signatures only those that answer a promise leave a hung connection in use.
  override query(...parameters: never[]): never {
    const answer = (super.query as (...parameters: never[]) => unknown)(...parameters);
    if (answer instanceof Promise) answer.catch(this.closeIfHung);
    return answer as never;
  }

  private readonly closeIfHung = (error: unknown): void => {
    if (!isReadTimeout(error)) return;
    this.connection.stream.destroy();
    (this as EventEmitter).emit('hung');
  };
}

/**
 * A connection that breaks tells so as an event, besides failing the query under way; without a listener
 * node would take that event for a fatal error. The pool listens only while nobody has the connection.
 */
class SteadyPool extends pg.Pool {
  constructor(config?: PoolConfig) {
    super({ ...config, Client: SteadyClient });
    this.on('connect', (client) => client.on('error', () => undefined));
    this.closeIdleAfterReadTimeout();
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

  /** Where the network swallowed one answer it has swallowed the idle connections too: none is worth another wait. */
  private closeIdleAfterReadTimeout(): void {
    const idle = new Set<PoolClient>();
    const closeIdle = (): void => {
      for (const each of idle) each.connection.stream.destroy();
    };
    this.on('connect', (client) => (client as EventEmitter).once('hung', closeIdle));
    this.on('acquire', (client) => idle.delete(client));
    this.on('remove', (client) => idle.delete(client));
    this.on('release', (error, client) => {
      if (isReadTimeout(error)) closeIdle();
      else idle.add(client);
    });
  }
}

const isReadTimeout = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** The pg driver for TypeORM, with pools whose broken connections do no harm. */
export const steadyDriver = { ...pg, Pool: SteadyPool };

/** The pg pool inside an initialized data source, for what TypeORM cannot say: named statements. */
export function poolOf(dataSource: DataSource): pg.Pool {
  const driver = dataSource.driver as unknown as Pick<PostgresDriver, 'master'>;
  return driver.master as pg.Pool;
}
