import { type DataSource } from 'typeorm';
import { type Settings } from '../settings/settings';
import { createLogger } from '../observability/logger';
import { awaitDatabase } from './await-database';
import { createDataSource, type Schema } from './data-source';
import { startEmbeddedPostgres } from './embedded';
import { migrate } from './migrate';

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
 * @throws Error when it is not ready in time, is too old, or cannot be migrated
 */
export async function openDatabase(settings: Settings, schema: Schema): Promise<OpenDatabase> {
  const embedded =
    settings.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: settings.dataDir }) : undefined;
  if (settings.databaseUrl !== undefined) {
    const log = createLogger(settings.logLevel);
    await awaitDatabase(settings.databaseUrl, settings.startTimeoutSeconds, (line) => {
      log.warn(line);
    });
  }
  const target = embedded?.connection ?? { url: settings.databaseUrl ?? '' };
  await migrate(target, schema);
  const dataSource = await createDataSource(target, { ...schema, poolSize }).initialize();
  return {
    dataSource,
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await embedded?.stop();
    },
  };
}
