import './node-version';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './app';
import { serverContents } from './app.module';
import { openDatabase, type OpenDatabase } from './platform/database/open-database';
import { addressOf, type HttpAdapter } from './platform/http/http-adapter';
import { masterKeyOf, Vault } from './platform/secrets/vault';
import { SealedContent } from './platform/secrets/sealed-content';
import { readSettings } from './platform/settings/settings';
import { runStartChecks } from './platform/server-part';
import { startLines } from './start-lines';

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
  const adapter = app.getHttpAdapter() as HttpAdapter;
  const { adminPort, host } = settings;
  const operators = adminPort === undefined ? undefined : await adapter.listenToOperators(adminPort, host);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(app, database).catch(fail));
  const address = addressOf(app.getHttpServer());
  for (const line of await startLines(settings, dataSource, address, operators)) process.stdout.write(`${line}\n`);
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
