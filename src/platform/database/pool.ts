import { type EventEmitter } from 'node:events';
import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg';
import { type DataSource } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { NoConnection } from './outage';

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (broken?: unknown) => void,
) => void;

export interface SteadyPoolConfig extends PoolConfig {
  /** False where named statements cannot be used: they are sent without their names. */
  readonly namedStatements?: boolean;
}

const hasName = (asked: unknown): asked is object => typeof asked === 'object' && asked !== null && 'name' in asked;

/** A client that closes its connection once it is of no use any more (`isUseless`). */
class SteadyClient extends pg.Client {
  private readonly namedStatements: boolean;

  constructor(config: SteadyPoolConfig = {}) {
    super(config);
    this.namedStatements = config.namedStatements ?? true;
  }

  // Of the driver's many signatures only those that answer a promise leave such a connection in use.
  override query(...parameters: never[]): never {
    const [asked, ...rest] = parameters as unknown[];
    const sent = this.namedStatements || !hasName(asked) ? asked : { ...asked, name: undefined };
    const answer = (super.query as (...parameters: unknown[]) => unknown)(sent, ...rest);
    if (answer instanceof Promise) answer.catch(this.closeIfUseless);
    return answer as never;
  }

  private readonly closeIfUseless = (error: unknown): void => {
    if (!isUseless(error)) return;
    this.connection.stream.destroy();
    (this as EventEmitter).emit('useless');
  };
}

/**
 * A connection that breaks emits an event, besides failing the query under way; without a listener
 * node would take that event for a fatal error. The pool listens only while the connection is idle.
 */
class SteadyPool extends pg.Pool {
  constructor(config?: SteadyPoolConfig) {
    super({ ...config, Client: SteadyClient });
    this.on('connect', (client) => client.on('error', () => undefined));
    this.closeUselessTogether();
  }

  override connect(): Promise<PoolClient>;
  override connect(connected: Connected): void;
  /** @throws NoConnection in place of the driver's error, which does not differ from that of a lost connection */
  override connect(connected?: Connected): Promise<PoolClient> | void {
    if (connected === undefined)
      return super.connect().catch((error: unknown) => {
        throw new NoConnection(error);
      });
    super.connect((error, client, release) => {
      connected(error === undefined ? undefined : new NoConnection(error), client, release);
    });
  }

  /** What one connection met, the idle ones would meet: each would cost a call its time to find out. */
  private closeUselessTogether(): void {
    const idle = new Set<PoolClient>();
    const closeIdle = (): void => {
      for (const each of idle) each.connection.stream.destroy();
    };
    this.on('connect', (client) => (client as EventEmitter).once('useless', closeIdle));
    this.on('acquire', (client) => idle.delete(client));
    this.on('remove', (client) => idle.delete(client));
    this.on('release', (error, client) => {
      if (isUseless(error)) closeIdle();
      else idle.add(client);
    });
  }
}

/**
 * Whether the connection on which this happened had better be closed: its answer did not come in time, so that the next
 * would be late; the server has ended it, although its end is not read yet; or it leads to a server that takes no writes
 * while another may have been promoted.
 */
export function isUseless(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return useless.has(error.code ?? '');
  return error instanceof Error && error.message === 'Query read timeout';
}

/** SQLSTATEs read_only_sql_transaction, admin_shutdown, crash_shutdown. */
const useless = new Set(['25006', '57P01', '57P02']);

/** The pg driver for TypeORM, with pools whose broken connections do no harm. */
export const steadyDriver = { ...pg, Pool: SteadyPool };

/** The pg pool inside an initialized data source, for what TypeORM cannot say: named statements. */
export function poolOf(dataSource: DataSource): pg.Pool {
  const driver = dataSource.driver as unknown as Pick<PostgresDriver, 'master'>;
  return driver.master as pg.Pool;
}

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
