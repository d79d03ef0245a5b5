import { type DataSource } from 'typeorm';
import { entities } from '../../src/entities';
import { createDataSource } from '../../src/platform/database/data-source';
import { migrations } from '../../src/migrations';
import { createTestDatabase } from './database';

export interface TestDataSource {
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

/** A migrated database and an open data source on it, for tests that need no application. */
export async function openTestDataSource(poolSize = 10): Promise<TestDataSource> {
  const database = await createTestDatabase();
  const dataSource = await createDataSource({ url: database.url }, { entities, migrations, poolSize }).initialize();
  return {
    dataSource,
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
