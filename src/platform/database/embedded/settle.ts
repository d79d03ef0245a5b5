import { rename, rm } from 'node:fs/promises';

/**
 * Gives a finished directory its final name in one step, so that a half-made one is never taken for
 * whole. Where another process was faster, its directory stays and ours goes.
 */
export async function settle(draft: string, final: string): Promise<void> {
  try {
    await rename(draft, final);
  } catch (error) {
    await rm(draft, { recursive: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
