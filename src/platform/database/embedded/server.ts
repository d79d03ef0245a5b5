import { closeSync } from 'node:fs';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Home } from './home';
import { type Binaries } from './installation';
import { Lease } from './lease';
import { clearForeignLocks, findPostmaster } from './postmaster';
import { logFile, runWatched, type WatchedServer } from './watchdog';

const startTimeoutMs = 60_000;
const pollMs = 5;

/** A cluster on disk, and what is needed to serve it. */
interface Installation {
  home: Home;
  binaries: Binaries;
  cluster: string;
  /** False trades safety against power loss for speed (fsync off): for data that may be lost. */
  durable: boolean;
}

/**
 * Joins the server that runs on the cluster, or starts one; of several processes that try at once, one
 * starts it. A server about to stop is waited for.
 *
 * @returns the lease that keeps the server running
 * @throws Error when the server does not start, or none can be joined within a minute
 */
export async function serve(installation: Installation): Promise<Lease> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const joined = Lease.join(installation.home);
    if (joined) return joined;
    const holder = await findPostmaster(installation.cluster);
    if (!holder) {
      const launched = await launch(installation);
      if (launched) return launched;
    } else if (Date.now() > deadline) {
      throw new Error(`The data are in use by a PostgreSQL that cannot be shared (process ${holder.pid}).`);
    }
    await delay(pollMs);
  }
}

/** @returns undefined when another process was faster, and its server holds the cluster */
async function launch(installation: Installation): Promise<Lease | undefined> {
  const { home, cluster } = installation;
  const sockets = await socketDirectory(home);
  await clearForeignLocks(cluster, sockets, port);
  const { lease, reader } = await Lease.create(home);
  const places = { cluster, socketDirectory: sockets };
  const server = await runWatched(home, reader, places, command(installation, sockets)).finally(() => {
    closeSync(reader);
  });
  if (await becomesReady(server, cluster)) return lease.publish(home);

  lease.discard();
  if (await findPostmaster(cluster)) return undefined;
  const log = await readFile(logFile(home), 'utf8');
  throw new Error(`The embedded PostgreSQL did not start: ${log.trim().split('\n').slice(-3).join(' ')}`);
}

async function becomesReady(server: WatchedServer, cluster: string): Promise<boolean> {
  while (!server.hasEnded()) {
    const holder = await findPostmaster(cluster);
    if (holder?.pid === server.pid && holder.ready) return true;
    await delay(pollMs);
  }
  return false;
}

function command({ binaries, cluster, durable }: Installation, sockets: string): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    port: String(port),
    max_connections: '200',
    timezone: 'UTC',
    // Its own life, no failed statements (in this list LOG ranks above ERROR): they would bring values into a
    // file, and their sender gets the error anyway.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return [
    binaries.postgres,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
}

/** The server has no TCP port, so this only names the socket's file, `.s.PGSQL.5432`. */
const port = 5432;

/** A socket's whole path may have 103 bytes at most on macOS, 107 on Linux; its file's name takes 14. */
const longestDirectory = 88;

/**
 * Where the server's socket is: in its home, or, where that path is too long or holds a character
 * that `unix_socket_directories` would have to quote, in a temporary directory of the same mode (0700).
 */
async function socketDirectory(home: Home): Promise<string> {
  if (home.path.length <= longestDirectory && /^[\w./-]+$/.test(home.path)) return home.path;
  // Not os.tmpdir(): TMPDIR may itself be long, or closed to the server's account.
  const directory = await mkdtemp('/tmp/rescind-');
  if (home.account) await chown(directory, home.account.uid, home.account.gid);
  return directory;
}
