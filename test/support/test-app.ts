import { type AddressInfo } from 'node:net';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { readSettings, type Settings } from '../../src/platform/settings/settings';
import { createTestDatabase, type TestDatabase } from './database';

/** One node: the real application, listening, on a real database. */
export interface TestNode {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

export interface TestHouse {
  readonly database: TestDatabase;
  readonly nodes: readonly TestNode[];
  /** The first node's address. */
  readonly url: string;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

export const testMasterKey = Buffer.alloc(32, 1);
export const testAdminToken = 'test-admin-token';

/** A database of its own and `nodes` applications on it. */
export async function openHouse(changes: Partial<Settings> = {}, nodes = 1): Promise<TestHouse> {
  const database = await createTestDatabase();
  const opened: TestNode[] = [];
  for (let index = 0; index < nodes; index += 1) opened.push(await openNode(database, changes));
  const [first] = opened;
  return {
    database,
    nodes: opened,
    url: first!.url,
    dataSource: first!.dataSource,
    close: async () => {
      await Promise.all(opened.map((node) => node.close()));
      await database.drop();
    },
  };
}

export async function openNode(
  database: Pick<TestDatabase, 'url'>,
  changes: Partial<Settings> = {},
): Promise<TestNode> {
  const settings = { ...readSettings({ LOG_LEVEL: 'silent', ADMIN_TOKEN: testAdminToken }), ...changes };
  const contents = { ...serverContents.schema, poolSize: 10 };
  const dataSource = await createDataSource({ url: database.url }, contents).initialize();
  const app = await createApp({ settings, dataSource, masterKey: testMasterKey });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}`, dataSource, close: () => app.close() };
}
