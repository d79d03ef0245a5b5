import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { type Home } from './home';
import { publishedPath } from './lease';

/**
 * Starts the server, prints its process number, and stays until it ends. Beside it, a reader of the lease
 * (standard input) waits for the end of file: no process uses the server any more. It takes the lease's
 * name away, so that no process joins a server about to stop, and reads on in case one joined in the
 * moment between; then it asks for a fast shutdown (SIGINT). A server that lost the race for the
 * cluster's lock leaves the name alone: it is the winner's.
 */
const script = `
lease=$1 lock=$2 log=$3 socket=$4
shift 4
exec 3<&0
"$@" </dev/null >>"$log" 2>&1 3<&- & server=$!
{
  read -r _
  read -r holder <"$lock" && [ "$holder" = "$server" ] && rm -f "$lease"
  read -r _
  kill -INT "$server"
} <&3 >/dev/null & reader=$!
exec 3<&-
echo "$server"
wait "$server"
kill "$reader"
rmdir "$socket" # Only a temporary directory is empty now; the server's home never is.
`;

export interface WatchedServer {
  /** Process number of the server itself. */
  pid: number;
  hasEnded(): boolean;
}

/** What the server writes of its own life; never statements or values. */
export const logFile = (home: Home): string => join(home.path, 'server.log');

/**
 * Runs a server that stops once no process holds its lease. What a terminal sends to us (Ctrl-C) does not
 * reach it, so that we can close our connections first.
 *
 * @param leaseReader descriptor of the lease's reading end
 */
export async function runWatched(
  home: Home,
  leaseReader: number,
  places: { cluster: string; socketDirectory: string },
  command: readonly string[],
): Promise<WatchedServer> {
  const lock = join(places.cluster, 'postmaster.pid');
  const args = [publishedPath(home), lock, logFile(home), places.socketDirectory, ...command];
  const watchdog = spawn('sh', ['-c', script, 'sh', ...args], {
    ...home.account,
    cwd: home.path,
    detached: true,
    stdio: [leaseReader, 'pipe', 'ignore'],
  }) as ChildProcessByStdio<null, Readable, null>;
  await once(watchdog, 'spawn');
  watchdog.unref();
  const [pid] = (await once(createInterface(watchdog.stdout), 'line')) as [string];
  watchdog.stdout.destroy();
  return { pid: Number(pid), hasEnded: () => watchdog.exitCode !== null || watchdog.signalCode !== null };
}
