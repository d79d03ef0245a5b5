import { setTimeout as pause } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { type DataSource } from 'typeorm';
import { createLogger } from '../observability/logger';
import { type Settings } from '../settings/settings';
import { callBounds, createDataSource, type Schema } from './data-source';
import { startEmbeddedPostgres } from './embedded';
import { migrate } from './migrate';
import { closePools } from './pool';

export interface OpenDatabase {
  /** Initialized and migrated. */
  readonly dataSource: DataSource;
  /** Closes the connections, then stops the embedded server if this process was the last to use it. */
  close(): Promise<void>;
}

/** How many connections one node holds at most. */
const poolSize = 20;

/**
 * Opens the database of the settings, once it is ready, or starts the embedded one, and brings its schema up to date.
 * @throws Error when it is not ready in time, is too old, lies behind a pooler that needs more, or cannot be migrated
 */
export async function openDatabase(settings: Settings, schema: Schema): Promise<OpenDatabase> {
  const { databaseUrl } = settings;
  if (databaseUrl !== undefined) return openServer(databaseUrl, settings, schema);
  const embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir });
  await migrate(embedded.connection, schema);
  const dataSource = await createDataSource(embedded.connection, { ...schema, poolSize }).initialize();
  return {
    dataSource,
    close: async () => {
      await closePools(dataSource);
      await embedded.stop();
    },
  };
}

async function openServer(url: string, settings: Settings, schema: Schema): Promise<OpenDatabase> {
  const log = createLogger(settings.logLevel);
  const ready = (each: string, leadsTo: 'server' | 'pooler'): Promise<void> =>
    awaitDatabase(each, leadsTo, settings.startTimeoutSeconds, (line) => {
      log.warn(line);
    });
  const { databaseSessionUrl: sessionUrl, namedStatements } = settings;
  await ready(sessionUrl ?? url, 'server');
  if (sessionUrl !== undefined) await ready(url, 'pooler');
  await migrate({ url: sessionUrl ?? url }, schema);
  const pooler = sessionUrl === undefined ? undefined : { sessionUrl, namedStatements };
  const dataSource = await createDataSource({ url, pooler }, { ...schema, poolSize }).initialize();
  if (pooler !== undefined) await requireBounds(dataSource);
  return { dataSource, close: () => closePools(dataSource) };
}

/** @throws Error when the sessions behind a pooler, which takes no settings from us, have no bounds of their own */
async function requireBounds(dataSource: DataSource): Promise<void> {
  const [{ role, bounded }] = await dataSource.query<[{ role: string; bounded: boolean }]>(
    `SELECT current_user AS role, current_setting('lock_timeout') <> '0' AND current_setting('statement_timeout') <> '0' AS bounded`,
  );
  if (bounded) return;
  const [lock, statement] = [callBounds.lockMs, callBounds.statementMs];
  throw new Error(
    `The sessions behind the pooler of DATABASE_URL need bounds: ALTER ROLE ${role} SET lock_timeout = ${lock}; ALTER ROLE ${role} SET statement_timeout = ${statement}`,
  );
}

/** How long one try may take, and how long after it the next begins, in milliseconds. */
const tryMs = 2_000;
const betweenTriesMs = 1_000;

/** SQLSTATEs, or their classes, that no waiting mends: wrong credentials, no such database. */
const mistakes = ['28', '3D000'];

/**
 * Waits until the server at this address takes connections and writes, as it does not while it starts or is promoted.
 *
 * @param url a connection URL
 * @param leadsTo what must be there: a pooler serves one client's statements on several sessions
 * @param tried hears of each try that failed, in one line that names the host and the cause
 * @throws Error naming the last cause when that has not come about within `withinSeconds`
 * @throws Error at once when there is a pooler where the server must be
 * @throws DatabaseError of pg at once when the credentials are wrong, or there is no such database
 */
async function awaitDatabase(
  url: string,
  leadsTo: 'server' | 'pooler',
  withinSeconds: number,
  tried: (line: string) => void,
): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1000;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: tryMs, query_timeout: tryMs });
    const address = `${client.host}:${client.port}`;
    const cause = await tryOnce(client, leadsTo);
    if (cause === undefined) return;
    if (performance.now() + betweenTriesMs > deadline)
      throw new Error(`The database at ${address} was not ready within ${withinSeconds} s (START_TIMEOUT): ${cause}`);
    tried(`Waiting for the database at ${address}: ${cause}`);
    await pause(betweenTriesMs);
  }
}

class PoolerInTheWay extends Error {
  constructor() {
    super('There is a pooler between this server and PostgreSQL: DATABASE_SESSION_URL must lead to PostgreSQL itself');
  }
}

/** Why the server is not ready; undefined when it is. */
async function tryOnce(client: Client, leadsTo: 'server' | 'pooler'): Promise<string | undefined> {
  // What breaks beside a query is of no interest: the next try shows whether the server is there.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean; pid: number }>(
      'SELECT pg_is_in_recovery() AS standby, pg_backend_pid() AS pid',
    );
    // A pooler makes up the process id that it sends to its clients.
    if (leadsTo === 'server' && rows[0]?.pid !== (client as { processID?: number }).processID)
      throw new PoolerInTheWay();
    return rows[0]?.standby === true ? 'it is a standby' : undefined;
  } catch (error) {
    if (error instanceof PoolerInTheWay) throw error;
    if (error instanceof DatabaseError && mistakes.some((each) => error.code?.startsWith(each))) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    return message || code || 'unknown';
  } finally {
    void client.end().catch(() => undefined);
  }
}
