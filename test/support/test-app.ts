import { type AddressInfo } from 'node:net';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { type ServerContents } from '../../src/platform/server-part';
import { readSettings, type Settings } from '../../src/platform/settings/settings';
import { createTestDatabase, type TestDatabase } from './database';
import { holdToDocuments } from './hold-to-documents';

/** One node: the real application, listening, on a real database. */
export interface TestNode {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

export interface TestApplication {
  readonly database: TestDatabase;
  readonly nodes: readonly TestNode[];
  /** The first node's address. */
  readonly url: string;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

export const testMasterKey = Buffer.alloc(32, 1);
export const testAdminToken = 'test-admin-token';

/** For suites that ask more at a time than one tenant may. */
export const generousLimits: Pick<Settings, 'tenantLimits'> = {
  tenantLimits: { ...readSettings({}).tenantLimits, openPerUser: 10_000, uploadsPerClient: 1_000 },
};

/** A database of its own and `nodes` applications on it, which speak the APIs of `contents`. */
export async function openApplication(
  changes: Partial<Settings> = {},
  nodes = 1,
  contents = serverContents,
): Promise<TestApplication> {
  const database = await createTestDatabase();
  if (contents !== serverContents) await migrateTo(database, contents);
  const opened: TestNode[] = [];
  for (let index = 0; index < nodes; index += 1) opened.push(await openNode(database, changes, contents));
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
  contents = serverContents,
): Promise<TestNode> {
  const given = readSettings({ LOG_LEVEL: 'silent', ADMIN_TOKEN: testAdminToken });
  // Nodes, clients and what holds answers against the documents share one event loop: its lag is not the node's.
  const settings = { ...given, eventLoopLagLimitMs: 60_000, ...changes };
  const dataSource = await createDataSource(database, { ...contents.schema, poolSize: 10 }).initialize();
  const app = await createApp({ settings, dataSource, masterKey: testMasterKey }, contents);
  await app.listen(0, '127.0.0.1');
  holdToDocuments(app, contents);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}`, dataSource, close: () => app.close() };
}

/** The template has this server's tables; these are the further ones of the contents. */
async function migrateTo(database: TestDatabase, contents: ServerContents): Promise<void> {
  const dataSource = await createDataSource(database, { ...contents.schema, poolSize: 2 }).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}
