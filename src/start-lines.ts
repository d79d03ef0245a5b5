import { resolve } from 'node:path';
import { Client } from 'pg';
import { type DataSource } from 'typeorm';
import { type Settings } from './platform/settings/settings';

/**
 * What a start says to its operator, a line each; the last says that the server is ready, and where.
 * @param address where it listens
 * @param operators the address of `ADMIN_PORT`, where it is set
 */
export async function startLines(
  settings: Settings,
  dataSource: DataSource,
  address: string,
  operators: string | undefined,
): Promise<readonly string[]> {
  return [
    await database(settings, dataSource),
    ...(operators === undefined ? [] : [`Its operators are served at ${operators}`]),
    settings.docs ? `Its documents are at ${operators ?? address}/docs` : 'Its documents are off (DOCS).',
    ...(settings.requireHttps ? [httpsOnly(settings)] : []),
    settings.sandbox ? openInSandbox(settings) : 'The sandbox is off.',
    `Rescind is ready at ${address}`,
  ];
}

async function database({ databaseUrl, dataDir }: Settings, dataSource: DataSource): Promise<string> {
  const [{ version }] = await dataSource.query<[{ version: string }]>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version`,
  );
  if (databaseUrl === undefined) return `Its database is the embedded PostgreSQL ${version} in ${resolve(dataDir)}.`;
  const { host, port } = new Client({ connectionString: databaseUrl });
  return `Its database is PostgreSQL ${version} at ${host}:${port}.`;
}

/** What REQUIRE_HTTPS means. */
function httpsOnly({ trustProxy }: Settings): string {
  const proxied = trustProxy === undefined ? ', also those that a proxy passes on, as TRUST_PROXY is not set' : '';
  return `REQUIRE_HTTPS is on: calls made over plain http will fail${proxied}.`;
}

/** What a sandbox leaves open. */
function openInSandbox({ host, sandboxInboxRemote }: Settings): string {
  const inbox = sandboxInboxRemote ? 'to all' : 'to this machine';
  return `The sandbox is open on ${host}: public demo credentials, /sandbox/* without credentials, a login without proof, the inbox shown ${inbox}.`;
}
