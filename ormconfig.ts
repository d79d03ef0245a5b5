import 'reflect-metadata';
import { serverContents } from './src/app.module';
import { createDataSource } from './src/platform/database/data-source';
import { startEmbeddedPostgres } from './src/platform/database/embedded';
import { readSettings } from './src/platform/settings/settings';

/** For the TypeORM command line (`npm run migration -- migration:show`). */
async function commandLineDataSource() {
  const { databaseUrl, dataDir } = readSettings();
  const target = databaseUrl ? { url: databaseUrl } : (await startEmbeddedPostgres({ dataDir })).connection;
  return createDataSource(target, { ...serverContents.schema, poolSize: 2 }, null);
}

export default commandLineDataSource();
