import { once } from 'node:events';
import { mkdtemp, readdir, rm, chmod } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ServerProcess, startServer } from '../support/server-process';

describe('A server that is asked to stop', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const body = JSON.stringify({ scope: 'reset_password', method: 'email', recipient: 'alice@example.com' });

  /** A request of which the server has the head and half the body. */
  const beginRequest = async (server: ServerProcess): Promise<ClientRequest> => {
    const begun = request(`${server.url}/otp/create`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'x-tenant-token': 'demo-tenant-token',
        Expect: '100-continue',
      },
    });
    begun.flushHeaders();
    await once(begun, 'continue');
    begun.write(body.slice(0, 10));
    return begun;
  };

  const connections = async (): Promise<number> => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
    return rows[0]!.count;
  };

  const refusesConnections = async (server: ServerProcess): Promise<void> => {
    const { port, hostname } = new URL(server.url);
    for (;;) {
      const socket = connect(Number(port), hostname);
      const refused = await once(socket, 'connect').then(
        () => false,
        () => true,
      );
      socket.destroy();
      if (refused) return;
    }
  };

  it('takes no new connection, finishes the request under way, and ends with 0', async () => {
    const server = await startServer({ DATABASE_URL: database.url, SANDBOX: 'true' });
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
    idle.write('GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n');
    await once(idle, 'data');
    const idleClosed = once(idle.resume(), 'close');
    const begun = await beginRequest(server);
    server.terminate();
    await refusesConnections(server);
    await idleClosed;
    begun.end(body.slice(10));
    const [answer] = (await once(begun, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.connection).toBe('close');
    answer.resume();
    expect(await server.ended).toBe(0);
  });

  it('is gone within 10 s, whatever a client holds open, and leaves no connection to the database', async () => {
    const server = await startServer({ DATABASE_URL: database.url, SANDBOX: 'true' });
    const { port, hostname } = new URL(server.url);
    const head = ['POST /otp/cancel HTTP/1.1', 'Host: test', 'x-tenant-token: demo-tenant-token'];
    head.push('Content-Type: application/json', 'Content-Length: 50');
    const halfSent = connect(Number(port), hostname);
    halfSent.write([...head, '', '{'].join('\r\n'));
    const halfHead = connect(Number(port), hostname);
    halfHead.write(head.join('\r\n'));
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    const idle = connect(Number(port), hostname);
    idle.write('GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n');
    await once(idle, 'data');
    for (const socket of [halfSent, halfHead, silent, idle]) socket.on('error', () => undefined).resume();

    const asked = performance.now();
    server.terminate();
    expect(await server.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await connections()).toBe(0);
  });

  it('stops its embedded database after itself', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'rescind-stop-'));
    await chmod(dataDir, 0o755);
    const server = await startServer({ DATA_DIR: dataDir });
    const files = () => readdir(dataDir, { recursive: true });
    expect((await files()).filter((file) => file.endsWith('postmaster.pid'))).toHaveLength(1);
    server.terminate();
    expect(await server.ended).toBe(0);
    expect((await files()).filter((file) => file.endsWith('postmaster.pid'))).toEqual([]);
    await rm(dataDir, { recursive: true });
  });
});
