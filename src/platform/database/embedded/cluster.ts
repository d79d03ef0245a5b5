import { chown, mkdtemp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runAs } from './account';
import { type Binaries } from './binaries';
import { type Home } from './home';
import { settle } from './settle';

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
