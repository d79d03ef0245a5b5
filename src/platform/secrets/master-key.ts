import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings } from '../settings/settings';

/**
 * The master key of the settings; outside production, where none need be set, the one kept in `DATA_DIR`, made at
 * the first start. Nodes that share a database must share the key.
 */
export async function masterKeyOf(settings: Settings): Promise<Buffer> {
  if (settings.masterKey !== undefined) return settings.masterKey;
  const file = join(settings.dataDir, 'master.key');
  await mkdir(settings.dataDir, { recursive: true });
  // `wx` makes exactly one of several first starts the maker; the others read what it wrote.
  await writeFile(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).catch(unlessExists);
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}

function unlessExists(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
