import request from 'supertest';
import { type Settings } from '../../../src/platform/settings/settings';
import { registerTenant, TestRelyingParty, type TestTenant } from '../../support/fixtures';
import { accessToken } from '../../support/signatures';
import { openApplication, openNode, testAdminToken, type TestApplication } from '../../support/test-app';

describe('In production', () => {
  const production: Partial<Settings> = { production: true, sandbox: false, requireHttps: false };
  let application: TestApplication;
  let allowing: string;
  let closeAllowing: () => Promise<void>;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication(production);
    const node = await openNode(application.database, { ...production, allowHttp: ['jwks', 'webhook', 'callback'] });
    allowing = node.url;
    closeAllowing = () => node.close();
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(async () => {
    await closeAllowing();
    await application.close();
  });

  const admin = (url: string, method: 'post' | 'put', path: string, body: object) =>
    request(url)[method](`/admin/v1/tenants${path}`).auth(testAdminToken, { type: 'bearer' }).send(body);
  const jwks = { keys: [TestRelyingParty.create().publicJwk] };
  const register = (url: string, body: object) =>
    admin(url, 'post', `/${tenant.id}/relying-parties`, { clientId: 'acme-portal', name: 'Acme', ...body });

  it('keys and webhooks are not registered with http:, unless the settings allow it', async () => {
    const plain = [{ jwksUrl: 'http://a.example/jwks' }, { jwks, webhookUrl: 'http://a.example/hook' }];
    for (const body of plain) {
      const field = Object.keys(body).at(-1)!;
      const refused = await register(application.url, body).expect(400);
      expect(refused.body.errors).toEqual([{ field, problem: 'only https URLs can be called' }]);
    }
    for (const [index, body] of plain.entries())
      await register(allowing, { ...body, clientId: `acme-${index}` }).expect(201);
    await register(application.url, { jwks, webhookUrl: 'https://a.example/hook' }).expect(201);
  });

  it('event endpoints are not registered with http:, unless the settings allow it', async () => {
    const path = `/${tenant.id}/event-endpoints`;
    const body = { url: 'http://a.example/events', types: ['approval.ended'] };
    const refused = await admin(application.url, 'post', path, body).expect(400);
    expect(refused.body.errors).toEqual([{ field: 'url', problem: 'only https URLs can be called' }]);
    await admin(allowing, 'post', path, body).expect(201);
  });

  it('transactions are not started with an http: callback, unless the settings allow it', async () => {
    const start = async (url: string) =>
      request(url)
        .post(`/digitanium/v4/users/${tenant.userId}/signature`)
        .auth(await accessToken(url, tenant), { type: 'bearer' })
        .send({
          transactionId: 'demo',
          deviceGoOnlineTimeout: '60',
          signatureTimeout: '60',
          signatureMessage: 'Pay',
          callbackUrl: 'http://a.example/callback',
        });
    const refused = await start(application.url);
    expect([refused.status, refused.body.message]).toEqual([400, 'callbackUrl: only https URLs can be called']);
    expect((await start(allowing)).status).toBe(200);
  });

  it('a tenant does not get codes that can be guessed with a chance above 1 % an hour', async () => {
    const put = (creates: number) =>
      admin(application.url, 'put', `/${tenant.id}/otp-config`, {
        codeLength: 4,
        maxAttempts: 10,
        createsPerRecipientPerHour: creates,
      });
    await put(10).expect(200);
    const { body } = await put(11).expect(400);
    expect(body.errors).toEqual([{ field: 'codeLength', problem: expect.stringContaining('1.1 % an hour') }]);
    const [{ settings }] = await application.dataSource.query('SELECT settings FROM otp_config WHERE tenant_id = $1', [
      tenant.id,
    ]);
    expect(settings.createsPerRecipientPerHour).toBe(10);
  });
});
