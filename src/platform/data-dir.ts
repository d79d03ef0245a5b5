import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes the directory of `DATA_DIR`, or finds it.
 * @throws Error in one line when it cannot be made, or written to
 */
export async function makeDataDir(dataDir: string): Promise<void> {
  const path = resolve(dataDir);
  try {
    await make(path);
    await access(path, constants.W_OK);
  } catch (error) {
    throw new Error(`DATA_DIR cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** With `recursive`, Node.js tries without end where a file system takes no directories, as /proc does. */
async function make(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) return;
  await make(dirname(path));
  await mkdir(path).catch((error: unknown) => {
    // Another process that starts at the same time was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
