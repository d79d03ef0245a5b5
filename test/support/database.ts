import { Client } from 'pg';
import { uniqueName, withDatabase } from './cluster';
import { straysIn } from './history-checker';

/** A database of one spec file's own. */
export interface TestDatabase {
  url: string;
  /** Breaks every connection to it and admits none until it is dropped, as if the server were gone. */
  cutOff(): Promise<void>;
  /** Lets every later connection write, or not, and breaks those there are once it does not. */
  writable(yes: boolean): Promise<void>;
  /** For tests that write approvals past the engine, or tamper with their histories. */
  leaveUnchecked(): void;
  /**
   * Ends every connection that is still open to it.
   * @throws Error when an approval in it is not as the last row of its history says
   */
  drop(): Promise<void>;
}

/** What the global set-up hands to the spec files, through the environment of their processes. */
export const runEnvironment = { clusterUrl: 'TEST_CLUSTER_URL', template: 'TEST_TEMPLATE' } as const;

/** A database with every migration applied: a copy of the template that this run has made. */
export const createTestDatabase = (): Promise<TestDatabase> => createFrom(handed('template'));

/** A database with nothing in it. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createFrom('template1');

async function createFrom(template: string): Promise<TestDatabase> {
  const clusterUrl = handed('clusterUrl');
  // The run's template is the prefix of all its databases, by which the tear-down finds what was left.
  const name = uniqueName(handed('template'));
  await administer(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const terminateAll = (): Promise<void> =>
    administer(clusterUrl, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  const url = withDatabase(clusterUrl, name);
  let isChecked = true;
  return {
    url,
    cutOff: async () => {
      await administer(clusterUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await terminateAll();
    },
    writable: async (yes) => {
      await administer(clusterUrl, `ALTER DATABASE ${name} SET default_transaction_read_only = ${!yes}`);
      if (!yes) await terminateAll();
    },
    leaveUnchecked: () => {
      isChecked = false;
    },
    drop: async () => {
      await administer(clusterUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      const strays = isChecked ? await straysIn(url) : [];
      await administer(clusterUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      if (strays.length > 0) throw new Error(`Written past the engine: ${strays.join(', ')}`);
    },
  };
}

function handed(what: keyof typeof runEnvironment): string {
  const value = process.env[runEnvironment[what]];
  if (!value) throw new Error('Only specs below test/ have a database.');
  return value;
}

/** Runs one statement on the server, outside of any test database. */
async function administer(clusterUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
