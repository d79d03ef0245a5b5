import { type DataSource } from 'typeorm';
import { type Settings } from '../settings/settings';
import { createLogger } from '../observability/logger';
import { awaitDatabase } from './await-database';
import { callBounds } from './connection-settings';
import { createDataSource, type Schema } from './data-source';
import { startEmbeddedPostgres } from './embedded';
import { migrate } from './migrate';
import { closePools } from './session-pool';

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
