import { type DataSource, type DataSourceOptions } from 'typeorm';
import { type Settings } from '../settings/settings';
import { createDataSource } from './data-source';
import { startEmbeddedPostgres } from './embedded';
import { migrate } from './migrate';

export interface OpenDatabase {
  /** Initialized and migrated. */
  readonly dataSource: DataSource;
  /** Closes the connections, then stops the embedded server if this process was the last to use it. */
  close(): Promise<void>;
}

type Contents = Required<Pick<DataSourceOptions, 'entities' | 'migrations'>>;

/** How many connections one node holds at most. */
const poolSize = 20;

/** Opens the database of the settings, or starts the embedded one, and brings its schema up to date. */
export async function openDatabase(settings: Settings, contents: Contents): Promise<OpenDatabase> {
  const embedded =
    settings.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir: settings.dataDir }) : undefined;
  const target = embedded?.connection ?? { url: settings.databaseUrl ?? '' };
  const dataSource = await createDataSource(target, { ...contents, poolSize }).initialize();
  await migrate(dataSource);
  return {
    dataSource,
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await embedded?.stop();
    },
  };
}
