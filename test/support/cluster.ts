import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded';

/** The server that one run of the tests uses. */
export interface TestCluster {
  /** Of a database to which one can connect in order to create others. */
  url: string;
  close(): Promise<void>;
}

/** The server of DATABASE_URL, or an embedded one whose data go with it. */
export async function openTestCluster(): Promise<TestCluster> {
  const url = process.env.DATABASE_URL;
  if (url) return { url, close: () => Promise.resolve() };

  const dataDir = await mkdtemp(join(tmpdir(), 'rescind-test-'));
  // Otherwise an account other than root's could not enter, and the data would be kept elsewhere.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  const { host, port, user, database } = server.connection;
  return {
    url: `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`,
    close: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Unique among all runs that share one server. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`;

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
