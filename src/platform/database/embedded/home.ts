import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { makeDataDir } from '../../data-dir';
import { type Account, reaches, runAs, serverAccount } from './account';

/** Where root keeps data of the server's account when the data directory itself is out of its reach. */
const reachableBase = '/var/lib/rescind';

/** The directory that belongs to the server alone (mode 0700), and the account that it runs as. */
export interface Home {
  path: string;
  account: Account;
}

/**
 * Makes `<dataDir>/postgres`, or finds it. Below a directory that the server's account cannot enter
 * (root's own home, say), `<dataDir>/postgres` is a symbolic link to a place that it can; data that
 * are there already are moved along.
 */
export async function prepareHome(dataDir: string): Promise<Home> {
  const parent = resolve(dataDir);
  const path = join(parent, 'postgres');
  await makeDataDir(parent);
  const account = await serverAccount(path);
  if (account && !(await reaches(account, parent))) await relocate(path, account);
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
  return { path: await realpath(path), account };
}

async function relocate(path: string, account: NonNullable<Account>): Promise<void> {
  const standing = await lstat(path).catch(() => undefined);
  if (standing?.isSymbolicLink()) return;
  await mkdir(reachableBase, { recursive: true });
  await chmod(reachableBase, 0o755);
  const place = await mkdtemp(join(reachableBase, 'data-'));
  await chown(place, account.uid, account.gid);
  if (standing) await runAs(undefined, 'mv', [path, place]);
  try {
    await symlink(standing ? join(place, basename(path)) : place, path);
  } catch (error) {
    // Another process that starts at the same time has made the link: its place serves both.
    await rm(place, { recursive: true });
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
