import request from 'supertest';
import { eventually } from '../../support/eventually';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('API keys', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication({}, 2);
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'post' | 'delete', path: string, body?: object, token = testAdminToken) =>
    request(application.url)[method](`/admin/v1${path}`).auth(token, { type: 'bearer' }).send(body);
  const list = (token: string, url = application.url) =>
    request(url).get('/admin/v1/tenants').auth(token, { type: 'bearer' });
  const shown = async (id: string) => {
    const { body } = await call('get', '/api-keys?limit=500').expect(200);
    return (body.items as { id: string; lastUsedAt: string | null }[]).find((each) => each.id === id);
  };

  it('are shown once, kept as a hash, and listed with what they may do', async () => {
    const input = { name: 'shown', role: 'support', tenants: ['acme'], expiresAt: '2999-01-15T10:30:00+01:00' };
    const { body } = await call('post', '/api-keys', input).expect(201);
    expect(body).toEqual({ id: expect.any(String), key: expect.stringMatching(/^rescind_[\w-]{43}$/) });
    expect(await shown(body.id)).toEqual({
      id: body.id,
      ...input,
      expiresAt: '2999-01-15T09:30:00.000Z',
      createdAt: expect.any(String),
      lastUsedAt: null,
    });
    const { body: again } = await call('post', '/api-keys', { ...input, role: 'viewer' }).expect(409);
    expect(again.code).toBe('ALREADY_EXISTS');
    const rows = await application.dataSource.query(`SELECT api_key::text AS row FROM api_key`);
    expect(JSON.stringify(rows)).not.toContain(body.key);
  });

  it('have all tenants where none are named for an admin, or * for any role', async () => {
    for (const [input, tenants] of [
      [{ name: 'all-1', role: 'admin' }, null],
      [{ name: 'all-2', role: 'viewer', tenants: ['*', 'acme'] }, null],
      [{ name: 'all-3', role: 'admin', tenants: ['acme'] }, ['acme']],
    ] as const) {
      const { body } = await call('post', '/api-keys', input).expect(201);
      expect(await shown(body.id)).toMatchObject({ tenants });
    }
  });

  it.each([
    [{}, ['name', 'role']],
    [{ name: 'a b', role: 'owner' }, ['name', 'role']],
    [{ name: 'a', role: 'support' }, ['tenants']],
    [{ name: 'a', role: 'viewer' }, ['tenants']],
    [{ name: 'a', role: 'admin', tenants: [] }, ['tenants']],
    [{ name: 'a', role: 'admin', tenants: 'acme' }, ['tenants']],
    [{ name: 'a', role: 'admin', tenants: ['acme', 'No tenant'] }, ['tenants']],
    [{ name: 'a', role: 'admin', expiresAt: 'tomorrow' }, ['expiresAt']],
    [{ name: 'a', role: 'admin', expiresAt: '2999-02-31T00:00:60Z' }, ['expiresAt']],
    [{ name: 'a', role: 'admin', expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt']],
  ])('are refused with the names of the bad fields: %j', async (input, fields) => {
    const { body } = await call('post', '/api-keys', input).expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('are refused once they are deleted: here at once, on every node within five seconds', async () => {
    const { body } = await call('post', '/api-keys', { name: 'deleted', role: 'viewer', tenants: ['*'] }).expect(201);
    const [here, there] = application.nodes.map(({ url }) => url);
    await list(body.key, here).expect(200);
    await list(body.key, there).expect(200);
    await call('delete', `/api-keys/${body.id}`).expect(204);
    await list(body.key, here).expect(401);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 5_000);
    await list(body.key, there).expect(401);
    clock.mockRestore();
    await call('delete', `/api-keys/${body.id}`).expect(404);
    await call('delete', '/api-keys/none').expect(404);
  });

  it('are refused once their time is over, though they were just used', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { body } = await call('post', '/api-keys', { name: 'short', role: 'admin', expiresAt }).expect(201);
    await list(body.key).expect(200);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse(expiresAt));
    await list(body.key).expect(401);
    clock.mockRestore();
  });

  it('say when they were used last, to the minute', async () => {
    const { body } = await call('post', '/api-keys', { name: 'used', role: 'viewer', tenants: ['*'] }).expect(201);
    const lastUse = async (): Promise<number> => Date.parse((await shown(body.id))!.lastUsedAt ?? '');
    const isRecent = async (): Promise<boolean> => (await lastUse()) > Date.now() - 60_000;
    await list(body.key).expect(200);
    await eventually(isRecent);

    // A node notes the use that it sees once a minute.
    await application.dataSource.query(`UPDATE api_key SET last_used_at = last_used_at - interval '2 minutes'`);
    await list(body.key).expect(200);
    expect(await isRecent()).toBe(false);
    await list(body.key, application.nodes[1]!.url).expect(200);
    await eventually(isRecent);
  });

  it('are refused when they are not ours, whole or in part', async () => {
    const { body } = await call('post', '/api-keys', { name: 'whole', role: 'viewer', tenants: ['*'] }).expect(201);
    for (const wrong of [body.key.slice(0, -1), body.key.replace('rescind_', ''), `${body.key}a`, 'rescind_', body.id])
      await list(wrong).expect(401);
    await request(application.url).get('/admin/v1/tenants').set('x-tenant-token', body.key).expect(401);
    await request(application.url).get('/admin/v1/tenants').auth('admin', body.key).expect(401);
  });
});
