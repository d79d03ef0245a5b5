import { type NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './app';
import { serverContents } from './app.module';
import { openDatabase, type OpenDatabase } from './platform/database/open-database';
import { type HttpAdapter } from './platform/http/http-adapter';
import { masterKeyOf } from './platform/secrets/master-key';
import { SealedContent } from './platform/secrets/sealed-content';
import { Vault } from './platform/secrets/vault';
import { readSettings, type Settings } from './platform/settings/settings';
import { runStartChecks } from './platform/start-check';

/** Settings → database → application → listen; and back the same way on SIGTERM. */
async function main(): Promise<void> {
  const settings = readSettings();
  const database = await openDatabase(settings, serverContents.schema);
  const { dataSource } = database;
  const masterKey = await masterKeyOf(settings);
  if (settings.production) {
    const content = new SealedContent(new Vault(masterKey));
    await runStartChecks(serverContents.startChecks, dataSource, settings, content);
  }
  const app = await createApp({ settings, dataSource, masterKey });
  await app.listen(settings.port, settings.host);
  if (settings.adminPort !== undefined) {
    const adapter = app.getHttpAdapter() as HttpAdapter;
    const address = await adapter.listenToOperators(settings.adminPort, settings.host);
    process.stdout.write(`Its operators are served at ${address}\n`);
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(app, database).catch(fail));
  if (settings.requireHttps) process.stdout.write(`${httpsOnly(settings)}\n`);
  if (settings.sandbox) process.stdout.write(`${openInSandbox(settings)}\n`);
  process.stdout.write(`Rescind is ready at ${await app.getUrl()}\n`);
}

/** What REQUIRE_HTTPS means, in one line. */
function httpsOnly({ trustProxy }: Settings): string {
  const told = trustProxy === undefined ? ', also those that a proxy passes on, as TRUST_PROXY is not set' : '';
  return `REQUIRE_HTTPS is on: calls made over plain http will fail${told}.`;
}

/** What a sandbox leaves open, in one line. */
function openInSandbox({ host, sandboxInboxRemote }: Settings): string {
  const inbox = sandboxInboxRemote ? 'to all' : 'to this machine';
  return `The sandbox is open on ${host}: demo credentials that everybody knows, /sandbox/* without credentials, a login without proof, the inbox shown ${inbox}.`;
}

/** How long a stop may take, in milliseconds, whatever hangs. */
const stopWithinMs = 15_000;

/** Requests under way finish while the application already takes no more; the database goes last. */
async function stop(app: NestExpressApplication, database: OpenDatabase): Promise<void> {
  setTimeout(() => process.exit(1), stopWithinMs).unref();
  const served = app.getHttpAdapter().close() as Promise<void>;
  await Promise.all([served, app.close()]);
  await database.close();
  process.exit(0);
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
