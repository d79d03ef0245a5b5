import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  socketDirectory: string;
  ready: boolean;
}

const pollMs = 5;

/** The server that holds the cluster now. A lock file that a crash left behind does not count. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(lockFile(cluster), 'utf8').catch(() => '');
  // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory, status.
  const [pid, , , port, socketDirectory = '', , , status] = text.split('\n');
  if (!(await serves(Number(pid), cluster))) return undefined;
  return { pid: Number(pid), port: Number(port), socketDirectory, ready: status?.trim() === 'ready' };
}

/**
 * Removes lock files whose process number now belongs to some other program, which PostgreSQL would
 * take for a living server. (It deals with numbers that belong to no process itself.)
 */
export async function clearForeignLocks(cluster: string, socketDirectory: string, port: number): Promise<void> {
  for (const file of [lockFile(cluster), join(socketDirectory, `.s.PGSQL.${port}.lock`)]) {
    const pid = parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (isAlive(pid) && !(await serves(pid, cluster))) await rm(file, { force: true });
  }
}

/** Waits until no server holds the cluster. @throws Error after `timeoutMs` */
export async function untilGone(cluster: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let server = await findPostmaster(cluster); server; server = await findPostmaster(cluster)) {
    if (Date.now() > deadline) throw new Error(`The embedded PostgreSQL (process ${server.pid}) does not stop.`);
    await delay(pollMs);
  }
}

const lockFile = (cluster: string) => join(cluster, 'postmaster.pid');

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Our servers name their cluster on the command line. */
async function serves(pid: number, cluster: string): Promise<boolean> {
  return isAlive(pid) && (await commandOf(pid)).includes(cluster);
}

/** From /proc, or from `ps` where there is none (macOS). */
async function commandOf(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    const ps = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
    return ps?.stdout ?? '';
  }
}
