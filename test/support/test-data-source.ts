import { type DataSource } from 'typeorm';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { createTestDatabase } from './database';

export interface TestDataSource {
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

/** A migrated database and an open data source on it, for tests that need no application. */
export async function openTestDataSource(poolSize = 10): Promise<TestDataSource> {
  const database = await createTestDatabase();
  const dataSource = await createDataSource({ url: database.url }, { ...serverContents.schema, poolSize }).initialize();
  return {
    dataSource,
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
