import { randomUUID } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { OtpClient } from '../support/otp-client';
import { followsNamedStatements, openPgBouncer, type PgBouncer } from '../support/pgbouncer';
import { describeWith } from '../support/programs';
import { type ServerProcess, startServer } from '../support/server-process';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { testMasterKey } from '../support/test-app';

const atOnce = 60;

describeWith(['pgbouncer'], 'Behind PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let dataSource: DataSource;
  let tenant: TestTenant;
  let server: ServerProcess | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    bouncer = await openPgBouncer(database.url);
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 1 }).initialize();
    tenant = await registerTenant(dataSource);
  }, 60_000);
  afterAll(async () => {
    server?.kill();
    await server?.ended;
    await dataSource.destroy();
    await bouncer.close();
    await database.drop();
  });

  it('a start says what is missing', async () => {
    const through = { DATABASE_URL: bouncer.url };
    await expect(startServer(through)).rejects.toThrow('DATABASE_SESSION_URL must lead to PostgreSQL itself');
    await expect(startServer({ ...through, DATABASE_SESSION_URL: database.url })).rejects.toThrow(
      /need bounds: ALTER ROLE \w+ SET lock_timeout = 1500; ALTER ROLE \w+ SET statement_timeout = 2000/,
    );
  });

  const ways = [false, ...(followsNamedStatements() ? [true] : [])];
  it.each(ways)(
    'a server works that has a way to PostgreSQL besides; named statements: %s',
    async (named) => {
      const name = new URL(database.url).pathname.slice(1);
      await dataSource.query(`ALTER DATABASE ${name} SET lock_timeout = 1500`);
      await dataSource.query(`ALTER DATABASE ${name} SET statement_timeout = 2000`);
      // The sessions that it already has were opened without.
      await dataSource.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      server = await startServer({
        DATABASE_URL: bouncer.url,
        DATABASE_SESSION_URL: database.url,
        DATABASE_NAMED_STATEMENTS: String(named),
        MASTER_KEY: testMasterKey.toString('base64'),
        TRUST_PROXY: 'loopback',
        LOG_LEVEL: 'warn',
      });
      const otps = new OtpClient({ url: server.url, nodes: [server] }, tenant);
      const cancelOne = async (): Promise<void> => {
        const input = { scope: 'reset_password', method: 'email', recipient: `${randomUUID()}@example.com` };
        const { body } = await otps.post('create', input).expect(201);
        const otp = { id: body.data.id as string, scope: input.scope };
        const [one, other] = await Promise.all([otps.post('cancel', otp), otps.post('cancel', otp)]);
        expect([one.status, other.status]).toEqual([201, 201]);
      };
      await Promise.all(Array.from({ length: atOnce }, cancelOne));

      // Its result is waited for, so that it is learnt by LISTEN.
      const backend = new TestBackend(server.url, tenant.id, await accessToken(server.url, tenant));
      const body = startBody({ callbackUrl: '' });
      const cancel = { deviceId: ['-1'], transactionId: body.transactionId };
      const result = backend.start(body).then((answer) => answer);
      await eventually(async () => (await backend.cancel(cancel)).status === 200);
      expect((await result).body.data).toMatchObject([{ signatureResult: 'CANCELLED' }]);

      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
      expect(server.output()).not.toMatch(/"level":"error"/);
      server.terminate();
      expect(await server.ended).toBe(0);
    },
    60_000,
  );
});
