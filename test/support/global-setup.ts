import { Client } from 'pg';
import { serverContents } from '../../src/app.module';
import { migrate } from '../../src/platform/database/migrate';
import { openTestCluster, uniqueName, withDatabase } from './cluster';
import { runEnvironment } from './database';

declare global {
  /** Undoes what the global set-up did; the tear-down runs in the same process. */
  var closeTestRun: (() => Promise<void>) | undefined;
}

/** One server for the whole run, with a migrated database that each spec file copies. */
export default async function globalSetup(): Promise<void> {
  const cluster = await openTestCluster();
  const template = uniqueName('rescind_test');
  const admin = new Client({ connectionString: cluster.url });
  await admin.connect();

  globalThis.closeTestRun = async () => {
    const left = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [template],
    );
    for (const { datname } of left.rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
    await admin.end();
    await cluster.close();
  };

  await admin.query(`CREATE DATABASE ${template}`);
  const url = withDatabase(cluster.url, template);
  await migrate({ url }, serverContents.schema);

  process.env[runEnvironment.clusterUrl] = cluster.url;
  process.env[runEnvironment.template] = template;
}
