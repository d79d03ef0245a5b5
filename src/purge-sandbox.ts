import './node-version';
import { NestFactory } from '@nestjs/core';
import { AppModule, serverContents } from './app.module';
import { ApprovalOwners } from './approvals/approval-owners';
import { ApprovalsClock } from './approvals/approvals-clock';
import { openDatabase } from './platform/database/open-database';
import { createLogger, NestLogger } from './platform/observability/logger';
import { masterKeyOf } from './platform/secrets/vault';
import { readSettings } from './platform/settings/settings';
import { findLeftovers, purgeLeftovers } from './sandbox/leftovers';

/** `npm run sandbox:purge`: makes a database that was a sandbox fit for production. Takes the server's own settings. */
async function main(): Promise<void> {
  const settings = { ...readSettings(), sandbox: false };
  const database = await openDatabase(settings, serverContents.schema);
  const { dataSource } = database;
  const found = await findLeftovers(dataSource);
  if (found !== undefined) {
    const app = await NestFactory.createApplicationContext(
      AppModule.register({ settings, dataSource, masterKey: await masterKeyOf(settings) }),
      { logger: new NestLogger(createLogger('warn')), abortOnError: false },
    );
    await purgeLeftovers(dataSource, app.get(ApprovalsClock), app.get(ApprovalOwners));
    await app.close();
  }
  await database.close();
  process.stdout.write(found === undefined ? 'There is nothing of a sandbox here.\n' : `Removed: ${found}.\n`);
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
