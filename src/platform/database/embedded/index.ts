import { ensureCluster, locateBinaries, superuser } from './installation';
import { prepareHome } from './home';
import { findPostmaster, untilGone } from './postmaster';
import { serve } from './server';

const stopTimeoutMs = 30_000;

/** Where a server listens: a unix socket, and no password (its directory admits no other account). */
export interface SocketConnection {
  /** The socket's directory, an absolute path. */
  host: string;
  port: number;
  user: string;
  database: string;
}

export interface EmbeddedPostgres {
  connection: SocketConnection;
  /**
   * Says that this process needs the server no more. Close the connections first: what they still do is
   * rolled back. Resolves once the server has stopped, or at once while another process uses it.
   *
   * @throws Error when the server, with no process left that uses it, has not stopped after 30 s
   */
  stop(): Promise<void>;
}

/**
 * Runs a PostgreSQL of our own, with its data in `<dataDir>/postgres`, and resolves once it answers.
 *
 * Processes that start it on the same directory share one server, with the durability that the first of
 * them chose. It runs as long as any of them: the process that started it may stop, or be killed, and the others
 * keep it. When the last one has gone, however it went, the server shuts down, as it does after `stop()`.
 *
 * @param options.durable false turns fsync off, for data that may be lost (default true)
 * @throws Error when there is no PostgreSQL for this platform, or it does not start
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  durable?: boolean;
}): Promise<EmbeddedPostgres> {
  const home = await prepareHome(options.dataDir);
  const binaries = await locateBinaries(home);
  const durable = options.durable ?? true;
  const cluster = await ensureCluster(home, binaries, durable);
  const lease = await serve({ home, binaries, cluster, durable });

  const server = await findPostmaster(cluster);
  if (!server) throw new Error('The embedded PostgreSQL has ended just after its start.');
  let stopped: Promise<void> | undefined;
  return {
    connection: { host: server.socketDirectory, port: server.port, user: superuser, database: 'postgres' },
    stop: () => (stopped ??= lease.release() ? untilGone(cluster, stopTimeoutMs) : Promise.resolve()),
  };
}
