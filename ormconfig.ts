import 'reflect-metadata';
import { entities } from './src/entities';
import { createDataSource } from './src/platform/database/data-source';
import { startEmbeddedPostgres } from './src/platform/database/embedded';
import { migrations } from './src/migrations';
import { readSettings } from './src/platform/settings/settings';

/** For the TypeORM command line (`npm run migration -- migration:show`). */
async function commandLineDataSource() {
  const { databaseUrl, dataDir } = readSettings();
  const target = databaseUrl ? { url: databaseUrl } : (await startEmbeddedPostgres({ dataDir })).connection;
  return createDataSource(target, { entities, migrations, poolSize: 2 });
}

export default commandLineDataSource();
