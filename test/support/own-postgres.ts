import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverAccount } from '../../src/platform/database/embedded/home';

/** A PostgreSQL server of one test's own, which may crash, be followed and be promoted. */
export interface OwnPostgres {
  readonly url: string;
  /** Ends it without a chance to finish anything. */
  crash(): Promise<void>;
  /** Starts it again after a crash, and resolves once it takes connections. */
  restart(): Promise<void>;
  /** A hot standby that follows it. */
  standby(): Promise<OwnPostgres>;
  /** Makes a standby take writes. */
  promote(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

const debian = '/usr/lib/postgresql';
const bins = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];

/** PostgreSQL's program of this name: Debian's, else that of the path. The embedded distribution lacks some. */
export const postgresProgram = (name: string): string => bins.map((bin) => join(bin, name)).find(existsSync) ?? name;

/** Starts a server with an empty database `postgres`, on a free port. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const data = await emptyDirectory();
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-N']);
  return serve(data);
}

async function serve(data: string): Promise<OwnPostgres> {
  const port = await freePort();
  const settings = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1 -c fsync=off`;
  const start = () => run('pg_ctl', ['-D', data, '-l', join(data, 'log'), '-o', settings, '-w', 'start']);
  await start();
  const crash = async (): Promise<void> => {
    if (existsSync(join(data, 'postmaster.pid'))) await run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    crash,
    restart: start,
    standby: async () => {
      const copy = await emptyDirectory();
      const from = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'];
      await run('pg_basebackup', [...from, '-D', copy, '-R', '-X', 'stream', '-c', 'fast', '-N']);
      return serve(copy);
    },
    promote: () => run('pg_ctl', ['-D', data, '-w', 'promote']),
    remove: async () => {
      await crash();
      await rm(data, { recursive: true });
    },
  };
}

/** A directory that PostgreSQL's account owns. Not below os.tmpdir(): a socket's path must be short. */
export async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp('/tmp/rescind-pg-');
  const account = await serverAccount(directory);
  if (account) await chown(directory, account.uid, account.gid);
  return directory;
}

async function run(program: string, parameters: string[]): Promise<void> {
  const account = await serverAccount('');
  await promisify(execFile)(postgresProgram(program), parameters, { ...account, cwd: '/' });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
