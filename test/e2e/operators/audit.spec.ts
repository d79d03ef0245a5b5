import { createHash, randomUUID } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type AuditedCall } from '../../../src/admin/audit.service';
import { makeKey } from '../../support/operators';
import { routesOf } from '../../support/routes';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('The audit', () => {
  let application: TestApplication;
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 1 });
    own = await newTenant('own');
    foreign = await newTenant('foreign');
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'post' | 'put' | 'delete', path: string, body?: object, token = testAdminToken): Test =>
    request(application.url)[method](`/admin/v1${path}`).auth(token, { type: 'bearer' }).send(body);
  const newTenant = async (id = `tenant-${randomUUID()}`): Promise<string> => {
    await call('post', '/tenants', { id }).expect(201);
    return id;
  };
  const audit = async (query: object = {}, token = testAdminToken) => {
    const { body } = await call('get', '/audit', undefined, token).query(query).expect(200);
    return body as { items: AuditedCall[]; next: string | null };
  };
  /** What is recorded of a call. */
  const recordOf = async (made: Test): Promise<AuditedCall[]> => {
    const requestId = randomUUID();
    await made.set('X-Request-Id', requestId);
    return (await audit({ limit: 500 })).items.filter((each) => each.requestId === requestId);
  };

  it('holds who changed what, from where, when and with which outcome', async () => {
    const before = Date.now();
    const made = call('post', `/tenants/${own}/users`, { userId: 'alice', displayName: 'Alice Liddell' });
    const [record, ...others] = await recordOf(made.set('X-Forwarded-For', '203.0.113.7'));
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      actor: 'admin',
      role: 'admin',
      address: '203.0.113.7',
      method: 'POST',
      route: '/admin/v1/tenants/:tenantId/users',
      tenant: own,
      target: { userId: 'alice' },
      status: 201,
      rows: [
        { seq: 1, status: null },
        { seq: 2, status: 201 },
      ],
    });
    expect(Date.parse(record!.at)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(record!.at)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(JSON.stringify(await audit({ limit: 500 }))).not.toContain('Liddell');
  });

  it('is a chain for each call, which can be computed anew', async () => {
    const [record] = await recordOf(call('delete', `/tenants/${own}/users/nobody`));
    const { tenant, id, method, route, actor, role, address, requestId, rows } = record!;
    let previousHash = '';
    for (const { seq, target, status, at, hash, previousHash: kept } of rows) {
      const who = [actor, role, address, at, requestId];
      const lines = ['admin_call', previousHash, tenant, id, seq, method, route, target, status ?? '', ...who];
      expect({ hash, kept }).toEqual({
        hash: createHash('sha256').update(lines.join('\n')).digest('hex'),
        kept: previousHash || null,
      });
      previousHash = hash;
    }
    expect(rows.map(({ status }) => status)).toEqual([null, 404]);
  });

  it('holds look-ups of people and of what became of approvals, in one row', async () => {
    const history = `/history?tenant=${own}&kind=otp&approval=01ARZ3NDEKTSV4RRFFQ69G5FAV`;
    for (const [path, target, status] of [
      [`/tenants/${own}/users`, {}, 200],
      [`/tenants/${own}/users/nobody`, { userId: 'nobody' }, 404],
      [history, { kind: 'otp', approval: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 404],
      [history.replace('?', '/inclusion?'), { kind: 'otp', approval: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }, 404],
      [`/audit?tenant=${own}`, {}, 200],
    ] as const)
      expect(await recordOf(call('get', path))).toMatchObject([
        { method: 'GET', tenant: own, target, status, rows: [{ seq: 1, status }] },
      ]);
  });

  it('holds recalls, and no recipient in clear', async () => {
    const target = { person: { email: 'alice@example.com' } };
    const order = { tenant: own, target, reason: 'Alice did not ask for this', kinds: ['otp'] };
    const [record] = await recordOf(call('post', '/recalls', order));
    expect(record).toMatchObject({
      tenant: own,
      target: { 'target.person.email': true, id: expect.any(String) },
      status: 200,
    });
    const { id } = record!.target as { id: string };
    expect(await recordOf(call('get', `/recalls/${id}`))).toMatchObject([{ target: { id }, status: 200 }]);
    const table = JSON.stringify(await application.dataSource.query('SELECT audit::text AS row FROM audit'));
    expect(table).not.toContain('alice@example.com');
  });

  it('leaves out what only reads how this server is set up', async () => {
    expect(await recordOf(call('get', '/tenants'))).toEqual([]);
    const routes = routesOf(application.nodes[0]!.app).filter(({ by, method }) => by === 'admin' && method === 'get');
    const unrecorded = routes.filter(({ isAudited }) => !isAudited).map(({ handler }) => handler);
    expect(unrecorded.sort()).toEqual([
      'ApiKeysController.list',
      'CheckpointsController.consistency',
      'CheckpointsController.key',
      'CheckpointsController.list',
      'DeliveryAdminController.list',
      'EventEndpointsController.deliveriesOf',
      'EventEndpointsController.get',
      'EventEndpointsController.list',
      'OauthClientsController.list',
      'OtpConfigAdminController.get',
      'RelyingPartiesController.get',
      'RelyingPartiesController.list',
      'SessionController.show',
      'TenantTokensController.list',
      'TenantsController.get',
      'TenantsController.list',
    ]);
  });

  it('holds what was refused', async () => {
    const viewer = await makeKey(application.url, 'viewer', [own]);
    const input = { userId: 'bob' };
    for (const [made, status] of [
      [call('post', `/tenants/${own}/users`, input, viewer), 403],
      [call('get', `/tenants/${foreign}/users`, undefined, viewer), 404],
      [call('post', `/tenants/${own}/users`, input).type('text/plain').send('a'), 415],
    ] as const)
      expect(await recordOf(made)).toMatchObject([{ status, rows: [{ seq: 1, status }] }]);
    expect(await recordOf(call('post', `/tenants/${own}/users`, { userId: '' }))).toMatchObject([
      { status: 400, rows: [{ status: null }, { status: 400 }] },
    ]);
    // Who is not known changes nothing, and could fill the table.
    expect(await recordOf(call('post', `/tenants/${own}/users`, input, 'wrong'))).toEqual([]);
  });

  it('holds ids of what was made, and no secret', async () => {
    const id = await newTenant();
    const secrets: string[] = [];
    const made = async (path: string, body: object): Promise<AuditedCall[]> => {
      const asked = call('post', path, body);
      const records = await recordOf(
        asked.on('response', ({ body: { token, key, clientSecret, activationCode } }) => {
          secrets.push(token ?? key ?? clientSecret ?? activationCode);
        }),
      );
      return records;
    };
    const token = await made(`/tenants/${id}/tokens`, { name: 'backend' });
    expect(token).toMatchObject([{ target: { name: 'backend', id: expect.any(String) } }]);
    const key = await made('/api-keys', { name: 'robot', role: 'support', tenants: [id] });
    expect(key).toMatchObject([{ tenant: null, target: { name: 'robot', role: 'support', tenants: [id] } }]);
    const client = await made(`/tenants/${id}/oauth-clients`, { clientId: 'backend' });
    expect(client).toMatchObject([{ tenant: id, target: { clientId: 'backend' } }]);
    await call('post', `/tenants/${id}/users`, { userId: 'carol' }).expect(201);
    const code = await made(`/tenants/${id}/users/carol/activation-codes`, {});
    expect(code).toMatchObject([{ target: { userId: 'carol' } }]);
    expect(secrets.filter((each) => each.length > 8)).toHaveLength(4);
    const table = JSON.stringify(await application.dataSource.query('SELECT audit::text AS row FROM audit'));
    for (const secret of [...secrets, testAdminToken]) expect(table).not.toContain(secret);
  });

  it('is read newest first, page by page, by tenant, actor and time', async () => {
    const id = await newTenant();
    const key = await makeKey(application.url, 'admin', [id]);
    for (const userId of ['a', 'b', 'c']) await call('post', `/tenants/${id}/users`, { userId }, key).expect(201);
    const [{ actor, at }] = (await audit({ tenant: id, limit: 1 })).items as [AuditedCall];

    const seen: unknown[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await audit({ actor, limit: 2, after });
      seen.push(...items.map(({ target }) => target));
      if (next === null) break;
      after = next;
    }
    expect(seen).toEqual([{ userId: 'c' }, { userId: 'b' }, { userId: 'a' }]);
    expect((await audit({ actor, from: at })).items).toHaveLength(1);
    expect((await audit({ actor, to: at })).items).toHaveLength(2);
    expect((await audit({ actor, tenant: own })).items).toEqual([]);
    const { body } = await call('get', '/audit?from=now&to=2025-01-15T10:30:60Z&after=x').expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['after', 'from', 'to']);
  });

  it('is shown to an operator of some tenants as far as it is of those', async () => {
    const id = await newTenant();
    await call('post', `/tenants/${id}/users`, { userId: 'a' }).expect(201);
    const [some, all] = [
      await makeKey(application.url, 'support', [id]),
      await makeKey(application.url, 'support', ['*']),
    ];
    const tenantsIn = async (token: string) =>
      new Set((await audit({ limit: 500 }, token)).items.map(({ tenant }) => tenant));
    expect(await tenantsIn(some)).toEqual(new Set([id]));
    expect((await tenantsIn(all)).has(null)).toBe(false);
    expect((await tenantsIn(all)).has(own)).toBe(true);
    expect((await tenantsIn(testAdminToken)).has(null)).toBe(true);
  });

  it('takes new rows alone', async () => {
    for (const change of [`UPDATE audit SET actor = 'other'`, 'DELETE FROM audit', 'TRUNCATE audit'])
      await expect(application.dataSource.query(change)).rejects.toThrow('append-only');
  });

  describe('that cannot be written', () => {
    const refuse = (when: string) =>
      application.dataSource.query(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON audit FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refuse()`);
    afterEach(() => application.dataSource.query('DROP TRIGGER refuse ON audit; DROP FUNCTION refuse'));
    const isThere = async (id: string) => (await call('get', `/tenants/${id}`)).status === 200;

    it('lets nothing be changed or looked up', async () => {
      const id = `tenant-${randomUUID()}`;
      await refuse('true');
      const { body } = await call('post', '/tenants', { id }).expect(503);
      expect(body.detail).toBe('This call cannot be served at present; please try again.');
      await call('get', `/tenants/${own}/users`).expect(503);
      await call('get', `/tenants/${own}/users/nobody`).expect(503);
      expect(await isThere(id)).toBe(false);
    });

    it('says so where the call was carried out, and has its beginning', async () => {
      const id = `tenant-${randomUUID()}`;
      await refuse('NEW.seq = 2');
      const requestId = randomUUID();
      const { body } = await call('post', '/tenants', { id }).set('X-Request-Id', requestId).expect(503);
      expect(body.detail).toContain('It is not known whether this call was carried out');
      expect(await isThere(id)).toBe(true);
      const { items } = await audit();
      expect(items.find((each) => each.requestId === requestId)).toMatchObject({
        target: { id },
        status: null,
        rows: [{ seq: 1, status: null }],
      });
    });
  });
});
