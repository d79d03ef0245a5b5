import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rm, stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { makeDataDir } from '../../data-dir';

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
  const existing = await lstat(path).catch(() => undefined);
  if (existing?.isSymbolicLink()) return;
  await mkdir(reachableBase, { recursive: true });
  await chmod(reachableBase, 0o755);
  const place = await mkdtemp(join(reachableBase, 'data-'));
  await chown(place, account.uid, account.gid);
  if (existing) await runAs(undefined, 'mv', [path, place]);
  try {
    await symlink(existing ? join(place, basename(path)) : place, path);
  } catch (error) {
    // Another process that starts at the same time has made the link: its place serves both.
    await rm(place, { recursive: true });
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const run = promisify(execFile);

/** The operating-system account the server runs as; undefined means: the one we run as ourselves. */
type Account = { uid: number; gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root, so root hands it to another account: the owner of data that are
 * already there, else `postgres`, else `nobody`.
 *
 * @throws Error when we are root and the machine has none of these accounts
 */
export async function serverAccount(dataPath: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataPath).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (!account) throw new Error('PostgreSQL cannot run as root, and there is no account postgres or nobody.');
  return account;
}

async function lookUp(name: string): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** Runs a short command as that account. @throws Error when it cannot be started or fails */
export async function runAs(account: Account, command: string, args: readonly string[], cwd = '/'): Promise<void> {
  await run(command, args, { ...account, cwd });
}

/** Whether that account can enter the directory, and so every directory above it. */
async function reaches(account: Account, directory: string): Promise<boolean> {
  try {
    await runAs(account, 'sh', ['-c', 'cd "$1"', 'sh', directory]);
    return true;
  } catch {
    return false;
  }
}
