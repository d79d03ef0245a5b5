import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating-system account the server runs as; undefined means: the one we run as ourselves. */
export type Account = { uid: number; gid: number } | undefined;

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
export async function reaches(account: Account, directory: string): Promise<boolean> {
  try {
    await runAs(account, 'sh', ['-c', 'cd "$1"', 'sh', directory]);
    return true;
  } catch {
    return false;
  }
}
