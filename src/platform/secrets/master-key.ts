import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataDir } from '../data-dir';
import { type Settings } from '../settings/settings';

/** Bytes in a master key. */
const keyBytes = 32;

/**
 * The master key of the settings; outside production, where none need be set, the one kept in `DATA_DIR`, made at
 * the first start. Nodes that share a database must share the key.
 * @throws Error when the kept file does not hold a key
 */
export async function masterKeyOf(settings: Pick<Settings, 'masterKey' | 'dataDir'>): Promise<Buffer> {
  if (settings.masterKey !== undefined) return settings.masterKey;
  const file = join(settings.dataDir, 'master.key');
  const kept = await readFile(file, 'utf8').catch(unless('ENOENT'));
  const key = Buffer.from(kept ?? (await make(settings.dataDir, file)), 'base64');
  if (key.length !== keyBytes) throw new Error(`${file} does not hold a master key: ${keyBytes} bytes in base64`);
  return key;
}

/** Puts the whole file in its place at once, so that a crash leaves none, and of several first starts one makes it. */
async function make(dataDir: string, file: string): Promise<string> {
  await makeDataDir(dataDir);
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(randomBytes(keyBytes).toString('base64'));
  await handle.sync();
  await handle.close();
  await link(draft, file).catch(unless('EEXIST'));
  await rm(draft);
  return readFile(file, 'utf8');
}

function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
}
