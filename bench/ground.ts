import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type DataSource } from 'typeorm';
import { serverContents } from '../src/app.module';
import { createDataSource } from '../src/platform/database/data-source';
import { startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrate } from '../src/platform/database/migrate';
import { registerTenant, type TestTenant } from '../test/support/fixtures';

/** A database of the run's own, with one tenant in it. */
export interface Ground {
  readonly url: string;
  readonly dataSource: DataSource;
  readonly tenant: TestTenant;
  close(): Promise<void>;
}

/** Makes a database on `DATABASE_URL`'s server, or on an embedded one in a temporary directory. */
export async function openGround(): Promise<Ground> {
  const server = await openServer();
  const name = `rescind_bench_${process.pid}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  await administer(server.url, `CREATE DATABASE ${name}`);
  await migrate({ url: url.href }, serverContents.schema);
  const dataSource = await createDataSource({ url: url.href }, { ...serverContents.schema, poolSize: 4 }).initialize();
  return {
    url: url.href,
    dataSource,
    tenant: await registerTenant(dataSource, 'bench'),
    close: async () => {
      await dataSource.destroy();
      await administer(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
      await server.close();
    },
  };
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, close: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'rescind-bench-'));
  const embedded = await startEmbeddedPostgres({ dataDir });
  const { host, port, user, database } = embedded.connection;
  return {
    url: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    close: async () => {
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
