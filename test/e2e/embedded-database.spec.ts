import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded';
import { findPostmaster, untilGone } from '../../src/platform/database/embedded/postmaster';

const isRoot = process.getuid?.() === 0;
const timeoutMs = 10_000;

let dataDir: string;
const cluster = () => join(dataDir, 'postgres', 'cluster');
const start = () => startEmbeddedPostgres({ dataDir, durable: false });

type Connection = Awaited<ReturnType<typeof start>>['connection'];

async function query(connection: Connection, sql: string): Promise<unknown[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows.map((row) => row.value);
  } finally {
    await client.end();
  }
}

/** Another node process that uses the server until it is killed. */
async function holdElsewhere(): Promise<{ process: ChildProcess; connection: Connection }> {
  const script = join(__dirname, '../support/hold-embedded.ts');
  const holder = spawn(process.execPath, ['-r', '@swc-node/register', script, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  return { process: holder, connection: JSON.parse(line.toString()) as Connection };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('startEmbeddedPostgres', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(await realpath(tmpdir()), 'rescind-embedded-'));
    await chmod(dataDir, 0o755);
  });

  afterEach(() => untilGone(cluster(), timeoutMs));

  afterAll(() => rm(dataDir, { recursive: true }));

  it('is one server for all who start it at once, on an empty directory too, until the last of them stops', async () => {
    const servers = await Promise.all([start(), start(), start(), start()]);
    const pid = (await findPostmaster(cluster()))?.pid;
    for (const server of servers) {
      expect(await query(server.connection, 'SELECT 1 AS value')).toEqual([1]);
      expect((await findPostmaster(cluster()))?.pid).toBe(pid);
      await server.stop();
    }
    expect(await findPostmaster(cluster())).toBeUndefined();
  });

  it('listens on a socket that only its account can reach, and on no port', async () => {
    const server = await start();
    expect(await query(server.connection, `SELECT current_setting('listen_addresses') AS value`)).toEqual(['']);
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700);
    await server.stop();
  });

  it('keeps its data over a restart, and leaves no process behind', async () => {
    const first = await start();
    await query(first.connection, 'CREATE TABLE restarted AS SELECT 42 AS value');
    await first.stop();
    expect(await findPostmaster(cluster())).toBeUndefined();

    const second = await start();
    expect(await query(second.connection, 'SELECT value FROM restarted')).toEqual([42]);
    await second.stop();
  });

  it('stays for the others when the process that started it is killed', async () => {
    const starter = await holdElsewhere();
    const sharer = await start();
    expect(sharer.connection).toEqual(starter.connection);
    await kill(starter.process);
    expect(await query(sharer.connection, 'SELECT 1 AS value')).toEqual([1]);

    const late = await start();
    await sharer.stop();
    expect(await query(late.connection, 'SELECT 1 AS value')).toEqual([1]);
    await late.stop();
    expect(await findPostmaster(cluster())).toBeUndefined();
  });

  it('does not outlive the only process that uses it, even one that is killed', async () => {
    const holder = await holdElsewhere();
    await query(holder.connection, 'CREATE TABLE survived AS SELECT 42 AS value');
    await kill(holder.process);
    await untilGone(cluster(), timeoutMs);

    const next = await start();
    expect(await query(next.connection, 'SELECT value FROM survived')).toEqual([42]);
    await next.stop();
  });

  it('can be started at the very moment when its last user has been killed', async () => {
    const holder = await holdElsewhere();
    await kill(holder.process);
    const next = await start();
    expect(await query(next.connection, 'SELECT 1 AS value')).toEqual([1]);
    await next.stop();
  });

  it('recovers after the server itself was killed', async () => {
    const crashed = await start();
    process.kill((await findPostmaster(cluster()))!.pid, 'SIGKILL');
    await untilGone(cluster(), timeoutMs);

    const next = await start();
    expect(await query(next.connection, 'SELECT 1 AS value')).toEqual([1]);
    await Promise.all([crashed.stop(), next.stop()]);
  });

  it('starts over lock files of a crash whose process number some other program has got since', async () => {
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
    const stale = [bystander.pid, cluster(), 0, 5432, join(dataDir, 'postgres'), '', '', 'ready'].join('\n');
    await writeFile(join(cluster(), 'postmaster.pid'), stale);
    await writeFile(join(dataDir, 'postgres', '.s.PGSQL.5432.lock'), stale);

    const server = await start();
    expect(await query(server.connection, 'SELECT 1 AS value')).toEqual([1]);
    await server.stop();
    await kill(bystander);
  });

  it('puts the socket elsewhere when the path to the data is too long for one', async () => {
    const outer = dataDir;
    dataDir = join(outer, 'long '.repeat(20));
    const server = await start();
    expect(server.connection.host).toMatch(/^\/tmp\/rescind-/);
    expect(await query(server.connection, 'SELECT 1 AS value')).toEqual([1]);
    await server.stop();
    await untilGone(cluster(), timeoutMs);
    dataDir = outer;
  });

  it('says why the server did not start', async () => {
    const extraSettings = join(cluster(), 'postgresql.auto.conf');
    await writeFile(extraSettings, 'shared_buffers = nonsense\n');
    await expect(start()).rejects.toThrow(/did not start: .*shared_buffers/);
    await writeFile(extraSettings, '');
  });

  it('names DATABASE_URL where there is no PostgreSQL for the platform', async () => {
    const { arch } = process;
    Object.defineProperty(process, 'arch', { value: 'mips' });
    await expect(start()).rejects.toThrow(/no embedded PostgreSQL for \w+-mips.*DATABASE_URL/);
    Object.defineProperty(process, 'arch', { value: arch });
  });

  (isRoot ? describe : describe.skip)('as root', () => {
    it('runs as another account', async () => {
      const server = await start();
      const { pid } = (await findPostmaster(cluster()))!;
      expect(await readFile(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\s+0\b/m);
      await server.stop();
    });

    it('moves the data to where that account can go once it cannot enter the data directory', async () => {
      await chmod(dataDir, 0o700);
      const moved = await start();
      const place = await realpath(join(dataDir, 'postgres'));
      expect(place).toMatch(/^\/var\/lib\/rescind\//);
      expect(await query(moved.connection, 'SELECT value FROM survived')).toEqual([42]);
      await moved.stop();
      await rm(dirname(place), { recursive: true });
    });
  });
});
