import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import request from 'supertest';
import { type KeyPurpose, SigningKeys } from '../../../src/accounts/signing-keys/signing-keys';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, TestBackend } from '../../support/signatures';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

interface Forged {
  readonly header?: { readonly typ?: string };
  readonly claims?: JWTPayload;
  readonly purpose?: KeyPurpose;
}

describe('the built-in token endpoint', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication();
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const post = (tenantId = tenant.id) =>
    request(application.url).post(`/auth/realms/${tenantId}/protocol/openid-connect/token`).type('form');
  const grant = { grant_type: 'client_credentials' };
  const inBody = () => ({ client_id: tenant.oauthClient.clientId, client_secret: tenant.oauthClient.clientSecret });

  it('gives a token for credentials in the body', async () => {
    const answer = await post()
      .send({ ...grant, ...inBody() })
      .expect(200);
    expect(answer.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 300 });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('gives a token for credentials in the header', async () => {
    const { clientId, clientSecret } = tenant.oauthClient;
    await post().auth(clientId, clientSecret).send(grant).expect(200);
  });

  it('gives a token the scope that is asked for, of those that the client is registered with', async () => {
    const scoped = await request(application.url)
      .post(`/admin/v1/tenants/${tenant.id}/oauth-clients`)
      .auth(testAdminToken, { type: 'bearer' })
      .send({ clientId: 'scoped', scopes: ['recall'] })
      .expect(201);
    const { clientId, clientSecret } = scoped.body;
    const asked = (scope?: string) =>
      post()
        .auth(clientId, clientSecret)
        .send({ ...grant, scope });
    const { body } = await asked('recall').expect(200);
    expect(body).toMatchObject({ scope: 'recall' });
    expect(decodeJwt(body.access_token)).toMatchObject({ sub: 'scoped', scope: 'recall' });
    const plain = await asked().expect(200);
    expect(plain.body).not.toHaveProperty('scope');
    expect(decodeJwt(plain.body.access_token)).not.toHaveProperty('scope');
    for (const scope of ['other', 'recall other', ' recall'])
      expect((await asked(scope).expect(400)).body.error).toBe('invalid_scope');
    const unregistered = await post()
      .send({ ...grant, ...inBody(), scope: 'recall' })
      .expect(400);
    expect(unregistered.body.error).toBe('invalid_scope');
  });

  it('gives a token for this server, of the type of access tokens (RFC 9068)', async () => {
    const token = await accessToken(application.url, tenant);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(token)).toMatchObject({ aud: 'http://localhost:3000', client_id: 'backend', sub: 'backend' });
  });

  it.each([
    ['of another type', { header: { typ: 'JWT' } }],
    ['of no type', { header: {} }],
    ['for another server', { claims: { aud: 'https://other.example' } }],
    ['for any server', { claims: { aud: undefined } }],
    ['signed with the key for webhooks', { purpose: 'webhook' as const }],
  ])(
    'refuses a token %s',
    async (_, { header = { typ: 'at+jwt' }, claims = {}, purpose = 'access-token' as const }: Forged) => {
      const forged = async (changes: Forged) => {
        const { privateKey, kid } = await application.nodes[0]!.app.get(SigningKeys).current(
          changes.purpose ?? 'access-token',
        );
        const good = decodeJwt(await accessToken(application.url, tenant));
        const made = new SignJWT({ ...good, ...changes.claims });
        return made.setProtectedHeader({ alg: 'ES256', kid, ...changes.header }).sign(privateKey);
      };
      const cancelWith = async (changes: Forged) =>
        new TestBackend(application.url, tenant.id, await forged(changes)).cancel({
          deviceId: ['-1'],
          transactionId: 'demo',
        });
      expect((await cancelWith({ header: { typ: 'at+jwt' } })).status).toBe(404);
      expect((await cancelWith({ header, claims, purpose })).status).toBe(401);
    },
  );

  it('refuses its token once the client is deleted, whose id is not given again', async () => {
    const { id, oauthClient } = await registerTenant(application.dataSource);
    const clients = `/admin/v1/tenants/${id}/oauth-clients`;
    const admin = (method: 'post' | 'delete', path: string) =>
      request(application.url)[method](path).auth(testAdminToken, { type: 'bearer' });
    const backend = new TestBackend(application.url, id, await accessToken(application.url, { id, oauthClient }));
    const cancel = () => backend.cancel({ deviceId: ['-1'], transactionId: 'demo' });
    await cancel().expect(404);
    await admin('delete', `${clients}/backend`).expect(204);
    await admin('post', clients).send({ clientId: 'backend' }).expect(409);
    await cancel().expect(401);
  });

  const refusals: [string, string, number, (tenant: TestTenant) => request.Test][] = [
    ['no grant type', 'invalid_request', 400, () => post().send(inBody())],
    ['a grant type twice', 'invalid_request', 400, () => post().send(`grant_type=a&grant_type=b`)],
    ['another grant type', 'unsupported_grant_type', 400, () => post().send({ grant_type: 'password', ...inBody() })],
    ['no credentials', 'invalid_client', 401, () => post().send(grant)],
    ['a wrong secret', 'invalid_client', 401, () => post().send({ ...grant, ...inBody(), client_secret: 'x' })],
    ['an unknown client', 'invalid_client', 401, () => post().auth('nobody', 'x').send(grant)],
    ['an unknown tenant', 'invalid_client', 401, () => post('nowhere').send({ ...grant, ...inBody() })],
    ['a tenant with a NUL', 'invalid_client', 401, () => post('%00').send({ ...grant, ...inBody() })],
    ['a header that is not Basic', 'invalid_client', 401, () => post().set('Authorization', 'Bearer x').send(grant)],
    [
      'credentials in two places',
      'invalid_request',
      400,
      () =>
        post()
          .auth('a', 'b')
          .send({ ...grant, ...inBody() }),
    ],
    ['a body that is no form', 'invalid_request', 400, () => post().type('json').send(grant)],
  ];
  it.each(refusals)('refuses %s', async (_, error, status, call) => {
    const answer = await call(tenant).expect(status);
    expect(answer.body).toEqual({ error, error_description: expect.any(String) });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
  });
});
