import request from 'supertest';
import { TestRelyingParty } from '../support/fixtures';
import { callCancel } from '../support/sign-requests';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

describe('/admin/v1', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication({}, 2);
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'post' | 'delete', path: string, body?: object, url = application.url) =>
    request(url)[method](`/admin/v1${path}`).set('Authorization', `Bearer ${testAdminToken}`).send(body);

  let tenants = 0;
  const newTenant = async (): Promise<string> => {
    const id = `acme-${++tenants}`;
    await call('post', '/tenants', { id, name: 'Acme' }).expect(201);
    return id;
  };

  describe('tenants', () => {
    it('are made, shown, listed and deleted', async () => {
      const id = await newTenant();
      const shown = await call('get', `/tenants/${id}`).expect(200);
      const without = { issuer: null, jwksUrl: null, audience: null, sandbox: false };
      expect(shown.body).toEqual({ id, name: 'Acme', ...without, createdAt: expect.any(String) });
      const listed = await call('get', '/tenants').expect(200);
      expect(listed.body.items).toContainEqual(shown.body);
      await call('delete', `/tenants/${id}`).expect(204);
      await call('get', `/tenants/${id}`).expect(404);
      await call('delete', `/tenants/${id}`).expect(404);
    });

    it('are listed page by page', async () => {
      const made = [await newTenant(), await newTenant(), await newTenant()];
      const seen: string[] = [];
      for (let after = ''; ;) {
        const { body } = await call('get', `/tenants?limit=1${after && `&after=${after}`}`).expect(200);
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        if (body.next === null) break;
        after = body.next;
      }
      expect(seen).toEqual([...seen].sort());
      expect(seen).toEqual(expect.arrayContaining(made));
    });

    it('have each an id and an issuer of their own', async () => {
      const issuer = { issuer: 'https://login.example', jwksUrl: 'https://login.example/jwks', audience: 'rescind' };
      expect((await call('post', '/tenants', { id: 'first', ...issuer }).expect(201)).body).toMatchObject(issuer);
      const sameId = await call('post', '/tenants', { id: 'first' }).expect(409);
      expect(sameId.headers['content-type']).toBe('application/problem+json');
      expect(sameId.body).toEqual({
        type: 'about:blank',
        title: 'Conflict',
        status: 409,
        detail: 'There is one of this id already.',
        code: 'ALREADY_EXISTS',
      });
      const sameIssuer = await call('post', '/tenants', { id: 'second', ...issuer }).expect(409);
      expect(sameIssuer.body.code).toBe('ISSUER_TAKEN');
    });

    it('may have every token of their issuer taken, but must say so', async () => {
      const issuer = { issuer: 'https://any.example', jwksUrl: 'https://any.example/jwks' };
      const { body } = await call('post', '/tenants', { id: 'any', ...issuer, allowAnyAudience: true }).expect(201);
      expect(body).toMatchObject({ ...issuer, audience: null });
    });

    it.each([
      [{}, ['id']],
      [{ id: 'Upper', name: '' }, ['id', 'name']],
      [{ id: `a${'b'.repeat(63)}` }, ['id']],
      [{ id: 'a', name: 'nul\0' }, ['name']],
      [{ id: 7, name: ['x'], issuer: {}, jwksUrl: false }, ['id', 'name', 'issuer', 'jwksUrl']],
      [{ id: 'a', issuer: 'https://login.example', jwksUrl: 'https://login.example/jwks' }, ['audience']],
      [{ id: 'a', issuer: 'https://x.example', jwksUrl: 'https://x.example', allowAnyAudience: false }, ['audience']],
      [{ id: 'a', issuer: 'https://login.example' }, ['jwksUrl']],
      [{ id: 'a', jwksUrl: 'https://login.example/jwks' }, ['issuer']],
      [{ id: 'a', audience: 'rescind' }, ['audience']],
      [{ id: 'a', allowAnyAudience: true }, ['audience']],
      [{ id: 'a', allowAnyAudience: 'yes' }, ['allowAnyAudience']],
      [{ id: 'a', issuer: 'https://x.example', jwksUrl: 'http://127.0.0.1/jwks' }, ['jwksUrl']],
      [{ id: 'a', issuer: 'http://localhost:3000/auth/realms/acme', jwksUrl: 'https://x.example' }, ['issuer']],
    ])('are refused with the names of the bad fields: %j', async (body, fields) => {
      const answer = await call('post', '/tenants', body).expect(400);
      expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    });
  });

  describe('tenant tokens', () => {
    it('are shown once, work, and are revoked on every node within five seconds', async () => {
      const id = await newTenant();
      const made = await call('post', `/tenants/${id}/tokens`, { name: 'backend' }).expect(201);
      expect(made.body).toEqual({ id: expect.any(String), token: expect.stringMatching(/^[\w-]{43}$/) });
      const listed = await call('get', `/tenants/${id}/tokens`).expect(200);
      expect(listed.body.items).toEqual([
        { id: made.body.id, name: 'backend', createdAt: expect.any(String), expiresAt: null },
      ]);
      expect(JSON.stringify(await application.dataSource.query('SELECT * FROM tenant_token'))).not.toContain(
        made.body.token,
      );

      const [here, there] = application.nodes.map(({ url }) => url);
      const asTenant = (url: string) =>
        request(url).post('/otp/cancel').set('x-tenant-token', made.body.token).send({});
      // 400: the token is known, and only the body is found wanting.
      await asTenant(here!).expect(400);
      await asTenant(there!).expect(400);
      await call('delete', `/tenants/${id}/tokens/${made.body.id}`, undefined, here).expect(204);
      await asTenant(here!).expect(401);

      const now = performance.now();
      const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 5_000);
      await asTenant(there!).expect(401);
      clock.mockRestore();
    });

    it('belong to a tenant that exists', async () => {
      const answer = await call('post', '/tenants/nobody/tokens', { name: 'backend' }).expect(404);
      expect(answer.body.code).toBe('TENANT_NOT_FOUND');
      await call('delete', '/tenants/nobody/tokens/0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b').expect(404);
      await call('delete', '/tenants/nobody/tokens/none').expect(404);
    });
  });

  it.each(['tokens', 'oauth-clients', 'relying-parties', 'users'])(
    'lists %s of tenants that exist only',
    async (what) => {
      await call('get', `/tenants/${await newTenant()}/${what}`).expect(200);
      const { body } = await call('get', `/tenants/nobody/${what}`).expect(404);
      expect(body.code).toBe('TENANT_NOT_FOUND');
    },
  );

  it('registers OAuth clients, whose secret is shown once', async () => {
    const id = await newTenant();
    const made = await call('post', `/tenants/${id}/oauth-clients`, { clientId: 'backend' }).expect(201);
    await call('post', `/tenants/${id}/oauth-clients`, { clientId: 'other', scopes: ['all'] }).expect(400);
    expect(made.body).toEqual({ clientId: 'backend', clientSecret: expect.stringMatching(/^[\w-]{43}$/) });
    await call('post', `/tenants/${id}/oauth-clients`, { clientId: 'backend' }).expect(409);
    const listed = await call('get', `/tenants/${id}/oauth-clients`).expect(200);
    expect(listed.body).toEqual({
      items: [{ clientId: 'backend', name: null, scopes: [], createdAt: expect.any(String) }],
      next: null,
    });
    await call('delete', `/tenants/${id}/oauth-clients/backend`).expect(204);
    await call('delete', `/tenants/${id}/oauth-clients/backend`).expect(404);
  });

  describe('relying parties', () => {
    const party = TestRelyingParty.create('portal');
    const jwks = { keys: [{ ...party.publicJwk, alg: 'ES256' }] };

    it('are made, shown, listed and deleted', async () => {
      const tenantId = await newTenant();
      const input = { clientId: 'portal', name: 'Portal', jwks, redirectUrl: 'http://localhost/back' };
      const made = await call('post', `/tenants/${tenantId}/relying-parties`, input).expect(201);
      const expected = { ...input, tenantId, jwksUrl: null, webhookUrl: null, createdAt: expect.any(String) };
      expect(made.body).toEqual(expected);
      await call('post', `/tenants/${await newTenant()}/relying-parties`, input).expect(409);
      const shown = await call('get', `/tenants/${tenantId}/relying-parties/portal`).expect(200);
      expect(shown.body).toEqual(expected);
      const listed = await call('get', `/tenants/${tenantId}/relying-parties`).expect(200);
      expect(listed.body).toEqual({ items: [expected], next: null });
      await call('delete', `/tenants/${tenantId}/relying-parties/portal`).expect(204);
      await call('get', `/tenants/${tenantId}/relying-parties/portal`).expect(404);
    });

    it('are refused once they are deleted, at once on the node that deleted them', async () => {
      const tenantId = await newTenant();
      const fleeting = TestRelyingParty.create(`${tenantId}-party`);
      const input = { clientId: fleeting.clientId, name: 'Portal', jwks: { keys: [fleeting.publicJwk] } };
      await call('post', `/tenants/${tenantId}/relying-parties`, input).expect(201);
      expect((await callCancel(application.url, fleeting, 'unknown')).body.error).toBe('CLIENT_SIDE_ERROR');
      await call('delete', `/tenants/${tenantId}/relying-parties/${fleeting.clientId}`).expect(204);
      expect((await callCancel(application.url, fleeting, 'unknown')).status).toBe(401);
    });

    it('keep of their keys only what verifies, so that a NUL elsewhere does no harm', async () => {
      const tenantId = await newTenant();
      const odd = 'nul\0';
      const keys = [
        { ...jwks.keys[0], x5c: [odd], key_ops: ['verify', odd], [odd]: odd },
        { kty: odd, kid: odd },
      ];
      const input = { clientId: tenantId, name: 'Portal', jwks: { keys, [odd]: odd } };
      const made = await call('post', `/tenants/${tenantId}/relying-parties`, input).expect(201);
      expect(made.body.jwks).toEqual(jwks);
      const shown = await call('get', `/tenants/${tenantId}/relying-parties/${tenantId}`).expect(200);
      expect(shown.body.jwks).toEqual(jwks);
    });

    it.each([
      [{}, 'jwks'],
      [{ jwks: { keys: [{ ...party.publicJwk, kid: 'nul\0' }] } }, 'jwks'],
      [{ jwks, jwksUrl: 'https://portal.example/jwks' }, 'jwks'],
      [{ jwks: { keys: [] } }, 'jwks'],
      [{ jwks: 'keys' }, 'jwks'],
      [{ jwks: { keys: [party.privateKey.export({ format: 'jwk' })] } }, 'jwks'],
      [{ jwksUrl: 'http://10.0.0.1/jwks' }, 'jwksUrl'],
      [{ jwks, webhookUrl: 'http://localhost/hook' }, 'webhookUrl'],
      [{ jwks, webhookUrl: 'https://user:secret@portal.example/' }, 'webhookUrl'],
      [{ jwks, redirectUrl: 'javascript:alert(1)' }, 'redirectUrl'],
    ])('are refused with bad keys or addresses: %j', async (input, field) => {
      const tenantId = await newTenant();
      const body = { clientId: 'portal', name: 'Portal', ...input };
      const answer = await call('post', `/tenants/${tenantId}/relying-parties`, body).expect(400);
      expect(answer.body.errors).toEqual([{ field, problem: expect.any(String) }]);
    });
  });

  it('registers users', async () => {
    const tenantId = await newTenant();
    const user = { userId: 'alice@example.com', displayName: 'Alice' };
    const made = await call('post', `/tenants/${tenantId}/users`, user).expect(201);
    const unknown = { email: null, telephone: null, signer: null };
    const expected = { ...user, ...unknown, tenantId, createdAt: expect.any(String) };
    expect(made.body).toEqual(expected);
    await call('post', `/tenants/${tenantId}/users`, user).expect(409);
    expect((await call('get', `/tenants/${tenantId}/users/${user.userId}`).expect(200)).body).toEqual(expected);
    expect((await call('get', `/tenants/${tenantId}/users`).expect(200)).body.items).toEqual([expected]);
    await call('post', `/tenants/${tenantId}/users`, { userId: 'no spaces' }).expect(400);
    await call('delete', `/tenants/${tenantId}/users/${user.userId}`).expect(204);
    await call('get', `/tenants/${tenantId}/users/${user.userId}`).expect(404);
  });

  it('answers an id that can be none like one that does not exist', async () => {
    for (const id of ['UPPER', 'nul%00', 'a'.repeat(100_000), '%2e%2e'])
      await call('get', `/tenants/${id}`).expect(404);
  });

  it('answers 401 to a wrong token, or none', async () => {
    const path = '/admin/v1/tenants';
    const missing = await request(application.url).get(path).expect(401);
    expect(missing.headers['www-authenticate']).toBe('Bearer');
    await request(application.url).get(path).set('Authorization', 'Bearer other').expect(401);
    await request(application.url).get(path).set('Authorization', testAdminToken).expect(401);
  });

  it('answers 404 without an ADMIN_TOKEN', async () => {
    const other = await openApplication({ adminToken: undefined });
    for (const authorization of ['Bearer undefined', `Bearer ${testAdminToken}`])
      await request(other.url).get('/admin/v1/tenants').set('Authorization', authorization).expect(404);
    await other.close();
  });
});
