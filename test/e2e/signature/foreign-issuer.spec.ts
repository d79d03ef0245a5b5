import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { Tenant } from '../../../src/accounts/tenants/tenant.entities';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { type JwksServer, openJwksServer } from '../../support/jwks-server';
import { TestBackend } from '../../support/signatures';
import { openApplication, type TestApplication } from '../../support/test-app';

const issuer = 'https://login.example/realms/bank';

describe("a tenant's own issuer", () => {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let application: TestApplication;
  let keys: JwksServer;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true });
    keys = await openJwksServer();
    const jwk = { ...own.publicKey.export({ format: 'jwk' }), use: 'sig' };
    keys.publish({ ...jwk, kid: 'one' }, { ...jwk, kid: 'declared', alg: 'PS256' });
    tenant = await registerTenant(application.dataSource);
    await application.dataSource.manager.update(Tenant, { id: tenant.id }, { issuer, jwksUrl: keys.url });
  });
  afterAll(async () => {
    await application.close();
    await keys.close();
  });

  const token = (claims: JWTPayload = {}, key = own.privateKey, kid = 'one', alg = 'RS256') =>
    new SignJWT({ iss: issuer, sub: 'backend', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg, kid })
      .sign(key);

  it("signs its bearers' tokens", async () => {
    await new TestBackend(application.url, tenant.id, await token()).started();
    await new TestBackend(application.url, tenant.id, await token({}, own.privateKey, 'declared', 'PS256')).started();
  });

  it.each([
    ['signed by a stranger', () => token({}, stranger.privateKey)],
    ['over', () => token({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['of another issuer', () => token({ iss: 'https://login.example/realms/other' })],
    ['by another algorithm than its key is declared for', () => token({}, own.privateKey, 'declared')],
    ['by an unknown key', () => token({}, stranger.privateKey, 'two')],
    ['that lives for more than a day', () => token({ exp: Math.floor(Date.now() / 1000) + 24 * 3600 + 60 })],
    ['without an end', () => token({ exp: undefined })],
    ['of somebody with a NUL', () => token({ sub: 'a\0' })],
    ['of somebody with half a surrogate pair', () => token({ sub: 'a\ud83d' })],
    ['of somebody with a line feed', () => token({ sub: 'a\nb' })],
    ['of a very long name', () => token({ sub: 'a'.repeat(257) })],
    ['of nobody', () => token({ sub: '' })],
    ['of an issuer with half a surrogate pair', () => token({ iss: `${issuer}\ud83d` })],
  ])('refuses a token %s', async (_, made) => {
    const backend = new TestBackend(application.url, tenant.id, await made());
    const { body } = await backend.cancel({ deviceId: ['-1'], transactionId: 'demo' }).expect(401);
    expect(body).toEqual({ subSystem: 5, status: 'Unauthorized', message: 'HTTP 401 Unauthorized' });
  });

  describe('whose tokens must be meant for this server', () => {
    const audience = 'https://rescind.example';
    const strict = 'https://login.example/realms/strict';
    let bank: TestTenant;
    beforeAll(async () => {
      bank = await registerTenant(application.dataSource);
      await application.dataSource.manager.update(
        Tenant,
        { id: bank.id },
        { issuer: strict, jwksUrl: keys.url, audience },
      );
    });

    it.each([[audience], [['https://other.example', audience]]])('is accepted for the audience %j', async (aud) => {
      await new TestBackend(application.url, bank.id, await token({ iss: strict, aud })).started();
    });

    it.each([[undefined], ['https://other.example'], [[]], [`${audience}/`]])(
      'is refused for the audience %j',
      async (aud) => {
        const backend = new TestBackend(application.url, bank.id, await token({ iss: strict, aud }));
        await backend.cancel({ deviceId: ['-1'], transactionId: 'demo' }).expect(401);
      },
    );
  });

  it('is refused for another tenant', async () => {
    const other = await registerTenant(application.dataSource);
    const backend = new TestBackend(application.url, other.id, await token(), 'SHIFT');
    await backend.cancel({ deviceId: ['-1'], transactionId: 'demo' }).expect(401);
  });
});
