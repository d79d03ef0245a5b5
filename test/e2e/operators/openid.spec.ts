import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import request, { type Test } from 'supertest';
import { OperatorsProvider } from '../../support/operators-provider';
import { openApplication, openNode, testAdminToken, type TestApplication } from '../../support/test-app';

const adminUrl = 'https://admin.example';

const accounts = {
  alice: { preferred_username: 'alice', roles: ['other', 'viewer', 'support'], tenants: ['own', 'other'] },
  root: { email: 'root@example.com', roles: 'admin' },
  nobody: { preferred_username: 'nobody', roles: ['owner'], tenants: ['own'] },
  'auth0|1': { preferred_username: 'root@example.com/root', roles: ['viewer'], tenants: ['*'] },
  robot: { roles: ['support'] },
};

describe('Operators of an OpenID Connect provider', () => {
  let provider: OperatorsProvider;
  let application: TestApplication;
  beforeAll(async () => {
    provider = await OperatorsProvider.start(accounts, adminUrl);
    application = await openApplication({ operators: provider.settings }, 2);
    for (const id of ['own', 'foreign']) await asAdmin('post', '/tenants', { id }).expect(201);
  });
  afterAll(async () => {
    await application.close();
    await provider.stop();
  });

  const call = (method: 'get' | 'post', path: string, token: string, body?: object): Test =>
    request(application.url)[method](`/admin/v1${path}`).auth(token, { type: 'bearer' }).send(body);
  const asAdmin = (method: 'get' | 'post', path: string, body?: object) => call(method, path, testAdminToken, body);
  const session = (token: string) => call('get', '/session', token);

  describe('call with its tokens', () => {
    it('and are who their subject is, with the highest role and the tenants of its claims', async () => {
      const alice = await provider.idToken('alice');
      expect((await session(alice).expect(200)).body).toEqual({
        actor: 'operator:alice/alice',
        name: 'alice',
        role: 'support',
        tenants: ['own', 'other'],
      });
      await call('get', '/tenants/own/users', alice).expect(200);
      await call('get', '/tenants/foreign/users', alice).expect(404);
      expect((await call('post', '/tenants/own/users', alice, { userId: 'a' }).expect(403)).body.code).toBe(
        'ROLE_TOO_LOW',
      );

      const { body } = await session(await provider.idToken('root')).expect(200);
      expect(body).toEqual({
        actor: 'operator:root@example.com/root',
        name: 'root@example.com',
        role: 'admin',
        tenants: null,
      });
    });

    it('and cannot pass for one another by a name that they chose', async () => {
      const { body } = await session(await provider.idToken('auth0|1')).expect(200);
      expect(body).toMatchObject({ actor: 'operator:root@example.com%2Froot/auth0%7C1', tenants: null });
    });

    it('that are access tokens too; without a claim of tenants a role other than admin has none', async () => {
      const { body } = await session(await provider.accessToken()).expect(200);
      expect(body).toEqual({ actor: 'operator:robot/robot', name: 'robot', role: 'support', tenants: [] });
    });

    it('but not without a role', async () => {
      const { body } = await session(await provider.idToken('nobody')).expect(403);
      expect(body.code).toBe('NO_ROLE');
    });

    it('but not with those for another audience', async () => {
      await session(await provider.accessToken('another')).expect(401);
    });

    it('but not with those that are over', async () => {
      const token = await provider.idToken('root');
      await session(token).expect(200);
      const later = Date.now() + 25 * 60 * 60 * 1000;
      const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
      await session(token).expect(401);
      clock.mockRestore();
    });

    const forge = (claims: object, header: object = {}) =>
      new SignJWT({ iss: provider.issuer, aud: 'rescind', sub: 'root', roles: 'admin', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header })
        .setExpirationTime('1m')
        .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    it.each([
      ['signed by another key', {}, {}],
      ['signed by a key that is not published', {}, { kid: 'key-2' }],
      ['of another issuer', { iss: 'https://elsewhere.example' }, {}],
      ['for a log-out', {}, { typ: 'logout+jwt' }],
    ])('but not with one %s', async (_, claims, header) => {
      await session(await forge(claims, header)).expect(401);
    });
  });

  it('have an issuer that no tenant is given', async () => {
    for (const issuer of [provider.issuer, `${provider.issuer}/`]) {
      const input = { id: 'sly', issuer, jwksUrl: 'https://id.example/jwks', audience: 'rescind' };
      const { body } = await asAdmin('post', '/tenants', input).expect(400);
      expect(body.errors).toEqual([{ field: 'issuer', problem: 'this is the issuer of the operators' }]);
    }
  });

  it('can call without an ADMIN_TOKEN', async () => {
    const node = await openNode(application.database, { operators: provider.settings, adminToken: undefined });
    const token = await provider.idToken('root');
    await request(node.url).get('/admin/v1/tenants').auth(token, { type: 'bearer' }).expect(200);
    await request(node.url).get('/admin/v1/tenants').auth(testAdminToken, { type: 'bearer' }).expect(401);
    await node.close();
  });

  it('are answered 503 while the provider cannot be reached', async () => {
    const operators = { ...provider.settings, issuer: 'http://127.0.0.1:1' };
    const node = await openNode(application.database, { operators });
    const claims = Buffer.from(JSON.stringify({ iss: operators.issuer })).toString('base64url');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'key-1' })).toString('base64url');
    await request(node.url).get('/admin/v1/tenants').auth(`${header}.${claims}.AAAA`, { type: 'bearer' }).expect(503);
    await request(node.url).get('/admin/login').expect(503);
    await request(node.url).get('/admin/v1/tenants').auth(testAdminToken, { type: 'bearer' }).expect(200);
    await node.close();
  });

  it('cannot log in where there is no provider', async () => {
    const node = await openNode(application.database);
    const { body } = await request(node.url).get('/admin/login').expect(404);
    expect(body.code).toBe('NO_LOGIN');
    await request(node.url).get('/admin/callback').expect(403);
    await node.close();
  });
});
