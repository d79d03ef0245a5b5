import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { serverAccount } from '../../src/platform/database/embedded/home';
import { eventually } from './eventually';
import { emptyDirectory, freePort } from './own-postgres';

export interface PgBouncer {
  /** The database's URL by way of it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Whether the PgBouncer here follows named statements, as it does from 1.21 on. */
export function followsNamedStatements(): boolean {
  const { stdout } = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

/** PgBouncer in transaction mode before a database, with its default settings otherwise. */
export async function openPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const { host, port, user, database } = new Client({ connectionString: databaseUrl });
  const listenPort = await freePort();
  const directory = await emptyDirectory();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
${database} = host=${host} port=${port} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
; A client meets another session each time, not only under load.
server_round_robin = 1
${followsNamedStatements() ? 'max_prepared_statements = 100' : ''}
`,
  );
  const bouncer = spawn('pgbouncer', ['-q', file], { ...(await serverAccount('')), cwd: '/', stdio: 'ignore' });
  const ended = once(bouncer, 'exit');
  const url = `postgres://${user}@127.0.0.1:${listenPort}/${database}`;
  await eventually(async () => {
    const client = new Client({ connectionString: url });
    return client
      .connect()
      .then(() => client.end())
      .then(
        () => true,
        () => false,
      );
  });
  return {
    url,
    close: async () => {
      bouncer.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}
