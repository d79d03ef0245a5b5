import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { openApplication, openNode, type TestNode } from '../support/test-app';

describe('The sandbox', () => {
  let database: TestDatabase;
  let nodes: TestNode[];
  beforeAll(async () => {
    database = await createTestDatabase();
    // All at once, on a database without demo data.
    nodes = await Promise.all(Array.from({ length: 4 }, () => openNode(database, { sandbox: true })));
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
  });

  const signToken = async (node: TestNode, claims: object): Promise<string> => {
    const { body } = await request(node.url).post('/sandbox/sign-token').send({ claims }).expect(201);
    return body.token;
  };
  const cancelSignRequest = (node: TestNode, token: string) =>
    request(node.url).post('/api/v3/sign-requests/cancel').set('Authorization', token);
  const asDemoTenant = (node: TestNode, path: string, body: object) =>
    request(node.url).post(path).set('x-tenant-token', 'demo-tenant-token').send(body);
  const moveClock = (node: TestNode, offsetSeconds: unknown) =>
    request(node.url).post('/sandbox/clock').send({ offsetSeconds });

  it('has its demo data once, however many nodes start at once', async () => {
    const { dataSource } = nodes[0]!;
    const count = async (table: string): Promise<number> =>
      (await dataSource.query(`SELECT count(*)::int AS rows FROM ${table}`))[0].rows;
    expect(await count('tenant')).toBe(1);
    expect(await count('tenant_token')).toBe(1);
    expect(await count('relying_party')).toBe(1);
    expect(await count('oauth_client')).toBe(1);
    expect(await count('tenant_user')).toBe(2);
    expect(await count('device')).toBe(2);
  });

  it('signs tokens on each node that all nodes accept', async () => {
    for (const signing of nodes)
      for (const judging of nodes) {
        const token = await signToken(signing, { request_id: 'signv3-unknown' });
        const { body } = await cancelSignRequest(judging, token).expect(400);
        expect(body).toEqual({ error: 'CLIENT_SIDE_ERROR', error_description: 'No record found' });
      }
  });

  it('keeps the key over a restart', async () => {
    const token = await signToken(nodes[0]!, { request_id: 'signv3-unknown' });
    const restarted = await openNode(database, { sandbox: true });
    await cancelSignRequest(restarted, token).expect(400);
    await restarted.close();
  });

  it('keeps no private key that the database alone could give away', async () => {
    const [{ sealed }] = await nodes[0]!.dataSource.query('SELECT private_sealed AS sealed FROM sandbox_key');
    expect(sealed.toString('latin1')).not.toMatch(/PRIVATE KEY|"d"/);
    // The object identifier of an elliptic curve's key is in every PKCS #8 of one.
    expect(sealed.includes(Buffer.from('06072a8648ce3d0201', 'hex'))).toBe(false);
  });

  it('signs wrong claims too, so that refusals can be tried', async () => {
    const now = Math.floor(Date.now() / 1000);
    await cancelSignRequest(nodes[0]!, await signToken(nodes[0]!, { exp: now - 60 })).expect(401);
    await cancelSignRequest(nodes[0]!, await signToken(nodes[0]!, { client_id: 'somebody-else' })).expect(401);
  });

  it.each([{}, { claims: 'none' }, { claims: [] }, { claims: { exp: 'soon' } }])(
    'signs no such thing as %j',
    async (body) => {
      const answer = await request(nodes[0]!.url).post('/sandbox/sign-token').send(body).expect(400);
      expect(answer.body.errors).toEqual([{ field: 'claims', problem: expect.any(String) }]);
    },
  );

  it('moves the approvals’ clock on all nodes', async () => {
    const [here, there] = nodes as [TestNode, TestNode];
    const scope = 'reset_password';
    const recipient = 'alice@example.com';
    const created = await asDemoTenant(here, '/otp/create', { scope, method: 'email', recipient }).expect(201);
    const otp = { id: created.body.data.id, scope };
    const moved = await moveClock(here, 600).expect(200);
    expect(moved.body).toEqual({ offsetSeconds: 600, now: expect.any(String) });
    const { body } = await asDemoTenant(there, '/otp/cancel', otp).expect(422);
    expect(body.error.code).toBe('OTP_NOT_CANCELABLE');
    await moveClock(there, 0).expect(200);
  });

  const offsetProblem = 'offsetSeconds must be a whole number of seconds from 0 to 604800';
  it.each([-1, 604_801, 1.5, '60', null, undefined])('does not move the clock by %j', async (offset) => {
    const { body } = await moveClock(nodes[0]!, offset).expect(400);
    expect(body.errors).toEqual([{ field: 'offsetSeconds', problem: offsetProblem }]);
  });

  it.each(['"5"', '5', 'null', '[]'])('does not move the clock for the JSON %s', async (json) => {
    const sent = request(nodes[0]!.url).post('/sandbox/clock').set('Content-Type', 'application/json').send(json);
    expect((await sent.expect(400)).body.detail).toBe('The body must be a JSON object.');
  });

  it('shows its inbox to this machine only, as its proxies tell it, unless the settings open it', async () => {
    const behindProxy = await openNode(database, { sandbox: true, trustProxy: 'loopback' });
    const opened = await openNode(database, { sandbox: true, trustProxy: 'loopback', sandboxInboxRemote: true });
    const read = (node: TestNode, client?: string) => {
      const asked = request(node.url).get('/sandbox/inbox');
      return client === undefined ? asked : asked.set('X-Forwarded-For', client);
    };
    await read(behindProxy).expect(200);
    await read(behindProxy, '127.0.0.1').expect(200);
    const { body } = await read(behindProxy, '203.0.113.9').expect(403);
    expect(body).toMatchObject({ status: 403, code: 'INBOX_IS_LOCAL' });
    await read(opened, '203.0.113.9').expect(200);
    // No setting says that this proxy may be believed: a caller from anywhere may be behind it.
    await read(nodes[0]!, '127.0.0.1').expect(403);
    await Promise.all([behindProxy.close(), opened.close()]);
  });

  it('answers 404 where it is switched off', async () => {
    const application = await openApplication({ sandbox: false });
    await request(application.url).post('/sandbox/clock').send({ offsetSeconds: 0 }).expect(404);
    await request(application.url).post('/sandbox/sign-token').send({ claims: {} }).expect(404);
    expect(await application.dataSource.query('SELECT * FROM tenant')).toEqual([]);
    await application.close();
  });
});
