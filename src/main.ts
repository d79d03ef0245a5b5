import { createApp } from './app';
import { entities } from './entities';
import { openDatabase } from './platform/database/open-database';
import { migrations } from './platform/database/migrations';
import { masterKeyOf } from './platform/secrets/master-key';
import { InvalidSettings, readSettings } from './platform/settings/settings';

/** Settings → database → application → listen; and back the same way on SIGTERM. */
async function main(): Promise<void> {
  const settings = readSettings();
  const database = await openDatabase(settings, { entities, migrations });
  const app = await createApp({ settings, dataSource: database.dataSource, masterKey: await masterKeyOf(settings) });
  await app.listen(settings.port, settings.host);
  process.stdout.write(`Rescind is ready at ${await app.getUrl()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof InvalidSettings ? error.message : String(error)}\n`);
  process.exit(1);
});
