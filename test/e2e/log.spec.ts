import { generateKeyPairSync } from 'node:crypto';
import { DataSource } from 'typeorm';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type ServerProcess, startServer } from '../support/server-process';

interface Line {
  readonly requestId?: string;
  readonly level: string;
  readonly msg: string;
  readonly context?: string;
  readonly route?: string;
  readonly status?: number;
  readonly err?: { message: string; stack: string };
}

describe('The log', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServer({
      DATABASE_URL: database.url,
      SANDBOX: 'true',
      LOG_LEVEL: 'trace',
      ADMIN_TOKEN: 'secret-admin-token',
    });
  });
  afterAll(async () => {
    server.terminate();
    await server.ended;
    await database.drop();
  });

  const lines = (): Line[] =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  /** An answer may be here before its line is. */
  const linesOf = (requestId: unknown): Promise<Line[]> =>
    eventually(() => {
      const found = lines().filter((line) => line.requestId === requestId && line.context !== 'Throttle');
      return Promise.resolve(found.some(({ msg }) => msg === 'answered') && found);
    });

  const recipient = 'secret-alice@example.com';
  const createOtp = () =>
    request(server.url)
      .post('/otp/create')
      .set('x-tenant-token', 'demo-tenant-token')
      .send({ scope: 'reset_password', method: 'email', recipient });

  it('holds one line of JSON for each request, with its id and the pattern of its route', async () => {
    await request(server.url).get('/admin/v1/tenants/secret-tenant').set('X-Request-Id', 'log-1').expect(401);
    await request(server.url).get('/health/live').set('X-Request-Id', 'log-3').expect(200);
    await request(server.url).get('/secret-page?secret=query').set('X-Request-Id', 'log-2').expect(404);
    const facts = {
      level: 'info',
      msg: 'answered',
      method: 'GET',
      time: expect.any(String),
      durationMs: expect.any(Number),
    };
    expect(await linesOf('log-1')).toEqual([
      { ...facts, requestId: 'log-1', route: '/admin/v1/tenants/:tenantId', status: 401 },
    ]);
    expect(await linesOf('log-2')).toEqual([{ ...facts, requestId: 'log-2', route: 'none', status: 404 }]);
    expect(lines().filter(({ requestId }) => requestId === 'log-3')).toEqual([]);
  });

  it('names the error of a failure, and none of the data that it failed on', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await dataSource.query('ALTER TABLE otp RENAME TO lost');
    const { body, headers } = await createOtp().expect(500);
    await dataSource.query('ALTER TABLE lost RENAME TO otp');
    await dataSource.query('ALTER TABLE otp ADD CONSTRAINT refuses CHECK (attempts < 0)');
    const other = await createOtp().expect(500);
    await dataSource.query('ALTER TABLE otp DROP CONSTRAINT refuses');
    await dataSource.destroy();
    expect(body.error.message).toBe('Something went wrong on our side.');
    const [failure, answer] = await linesOf(headers['x-request-id']);
    expect(failure).toMatchObject({
      level: 'error',
      err: { message: 'relation "otp" does not exist', stack: expect.any(String) },
    });
    expect(answer).toMatchObject({ level: 'error', msg: 'answered', route: '/otp/create', status: 500 });
    await linesOf(other.headers['x-request-id']);
    expect(lines().filter(({ err }) => err?.message.includes('violates check constraint'))).toHaveLength(1);
  });

  it('holds no secret and no personal data', async () => {
    const admin = (path: string, body: object) =>
      request(server.url).post(`/admin/v1${path}`).set('Authorization', 'Bearer secret-admin-token').send(body);
    const token = await admin('/tenants/demo/tokens', { name: 'secret-name' }).expect(201);
    const client = await admin('/tenants/demo/oauth-clients', { clientId: 'secret-client' }).expect(201);
    await admin('/tenants/demo/users', { userId: 'secret-carol', displayName: 'secret-display' }).expect(201);
    await admin('/tenants/demo/users', { userId: 'secret-carol' }).expect(409);

    const activation = await admin('/tenants/demo/users/secret-carol/activation-codes', {}).expect(201);
    const { activationCode } = activation.body as { activationCode: string };
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await request(server.url)
      .post('/device/v1/enrolments')
      .send({ activationCode, publicKey: publicKey.export({ format: 'jwk' }), name: 'secret-phone' })
      .expect(201);

    const otp = await createOtp().expect(201);
    const inbox = await request(server.url).get('/sandbox/inbox').query({ recipient }).expect(200);
    const { code } = inbox.body.messages[0] as { code: string };
    const verify = { id: otp.body.data.id, scope: 'reset_password', code };
    await request(server.url).post('/otp/verify').set('Authorization', `Bearer ${token.body.token}`).send(verify);
    await request(server.url).post('/otp/verify').set('x-tenant-token', 'secret-wrong-token').send(verify).expect(401);
    await request(server.url)
      .post('/otp/cancel')
      .set('x-tenant-token', token.body.token)
      .set('Content-Type', 'application/json')
      .send('{"secret-malformed')
      .expect(400);

    const claims = { doc_name: 'secret-contract.pdf', signer_uin_hash: 'secret-signer', sign_locations: [] };
    const signed = await request(server.url).post('/sandbox/sign-token').send({ claims }).expect(201);
    await request(server.url)
      .post('/api/v3/sign-requests')
      .set('Authorization', signed.body.token)
      .set('Content-Type', 'application/pdf')
      .send(Buffer.from('%PDF-1.4 secret-contents'))
      .expect(400);
    await request(server.url)
      .post('/auth/realms/demo/protocol/openid-connect/token')
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: 'secret-client', client_secret: client.body.clientSecret });
    await request(server.url)
      .delete('/digitanium/v4/users/signature/secret-carol')
      .set('Authorization', `Bearer ${signed.body.token}`)
      .set('X-Request-Id', 'log-last')
      .send({ deviceId: ['secret-device'], transactionId: 'secret-transaction' });
    await linesOf('log-last');

    const secrets = [
      token.body.token,
      client.body.clientSecret,
      signed.body.token,
      activationCode,
      'demo-tenant-token',
    ];
    for (const told of ['secret-', recipient, ...secrets]) expect(server.output()).not.toContain(told);
    // Its digits may well occur in a row in a random id.
    expect(server.output()).not.toMatch(new RegExp(`\\b${code}\\b`));
  });
});
