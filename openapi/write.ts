/** Writes `openapi/{name}.json` for every definition: what a server with every route serves. */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule, serverContents } from '../src/app.module';

import { documentsOf } from '../src/platform/openapi/documents';
import { readSettings } from '../src/platform/settings/settings';

async function write(): Promise<void> {
  const settings = readSettings({ ADMIN_TOKEN: 'any', SANDBOX: 'true' });
  // A preview has the routes and makes nothing else, so it needs no database.
  const dependencies = { settings, dataSource: new DataSource({ type: 'postgres' }), masterKey: Buffer.alloc(32) };
  const app = await NestFactory.create(AppModule.register(dependencies), { preview: true, logger: false });
  for (const [name, document] of documentsOf(app, serverContents))
    await writeFile(join(__dirname, `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
}

void write();
