import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../../src/app.module';
import { createDataSource } from '../../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { productionEnvironment, runToEnd, startServer } from '../../support/server-process';

describe('A production start on a database that was a sandbox', () => {
  const masterKey = randomBytes(32).toString('base64');
  let database: TestDatabase;
  let dataSource: DataSource;
  let tenant: TestTenant;
  let production: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 2 }).initialize();
    tenant = await registerTenant(dataSource);
    production = { ...productionEnvironment(database), MASTER_KEY: masterKey, REQUIRE_HTTPS: 'false' };
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const statusOf = async (otpId: string): Promise<unknown> =>
    (await dataSource.query('SELECT status FROM otp WHERE id = $1', [otpId]))[0]?.status;

  it('is refused until the sandbox is purged, which ends for good what the moved clock had ended', async () => {
    const sandbox = await startServer({ DATABASE_URL: database.url, SANDBOX: 'true', MASTER_KEY: masterKey });
    const { body } = await request(sandbox.url)
      .post('/otp/create')
      .set('x-tenant-token', tenant.token)
      .send({ scope: 'reset_password', method: 'email', recipient: 'alice@example.com' })
      .expect(201);
    await request(sandbox.url).post('/sandbox/clock').send({ offsetSeconds: 7_200 }).expect(200);
    const { body: ofDemo } = await request(sandbox.url)
      .post('/otp/create')
      .set('x-tenant-token', 'demo-tenant-token')
      .send({ scope: 'reset_password', method: 'email', recipient: 'alice@example.com' })
      .expect(201);
    // As one that expired on its own is: read as expired, and not yet written down.
    await dataSource.query(`UPDATE otp SET status = 'pending' WHERE id = $1`, [body.data.id]);
    expect(sandbox.output()).toMatch(/^The sandbox is open on 127\.0\.0\.1: .+$/m);
    sandbox.terminate();
    await sandbox.ended;

    await expect(startServer(production)).rejects.toThrow(
      'This database was a sandbox: it holds the tenant demo, ' +
        'the sandbox keys (device of alice, device of bob, test-client-id), a clock that is 7200 s ahead. ' +
        'Remove them with: npm run sandbox:purge',
    );

    const purge = await runToEnd('src/purge-sandbox.ts', production);
    expect(purge).toEqual({
      code: 0,
      output: expect.stringContaining('Removed: the tenant demo, the sandbox keys'),
    });
    expect(await dataSource.query('SELECT id FROM tenant')).toEqual([{ id: tenant.id }]);
    expect(await statusOf(body.data.id)).toBe('expired');
    expect(await statusOf(ofDemo.data.id)).toBe('cancelled');
    const [end] = await dataSource.query(
      'SELECT actor, reason FROM history WHERE approval = $1 ORDER BY seq DESC LIMIT 1',
      [ofDemo.data.id],
    );
    expect(end).toEqual({ actor: 'sandbox:purge', reason: 'sandbox purged' });

    const server = await startServer(production);
    await request(server.url).get('/health/ready').expect(200);
    server.terminate();
    await server.ended;
  }, 120_000);

  it('does not take a tenant that is really called demo for the sandbox’s, nor lends it the demo secrets', async () => {
    await registerTenant(dataSource, 'demo');
    await expect(startServer({ DATABASE_URL: database.url, SANDBOX: 'true', MASTER_KEY: masterKey })).rejects.toThrow(
      "the tenant demo of this database is not the sandbox's",
    );
    const server = await startServer(production);
    const shown = request(server.url).post('/otp/cancel').set('x-tenant-token', 'demo-tenant-token');
    await shown.send({ id: 'x', scope: 'reset_password' }).expect(401);
    server.terminate();
    await server.ended;
  }, 120_000);
});
