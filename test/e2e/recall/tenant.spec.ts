import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { Registry } from '../../../src/accounts/tenants/registry';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { OtpClient } from '../../support/otp-client';
import { createOtp, lastRow } from '../../support/recalls';
import { accessToken } from '../../support/signatures';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('A recall that a tenant orders itself', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let otps: OtpClient;
  beforeAll(async () => {
    // Without an administrator it is there too.
    application = await openApplication({ trustProxy: 'loopback', adminToken: undefined }, 2);
    tenant = await registerTenant(application.dataSource);
    otps = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const order = (headers: Readonly<Record<string, string>>, body: object) =>
    request(application.url)
      .post('/recalls')
      .set(headers)
      .send({ reason: 'Lost her telephone.', ...body });
  const byToken = () => ({ 'x-tenant-token': tenant.token });
  const bearer = async (scope?: string) => {
    const { clientId, clientSecret } = tenant.oauthClient;
    const { body } = await request(application.url)
      .post(`/auth/realms/${tenant.id}/protocol/openid-connect/token`)
      .type('form')
      .auth(clientId, clientSecret)
      .send({ grant_type: 'client_credentials', scope })
      .expect(200);
    return { Authorization: `Bearer ${body.access_token}` };
  };

  it('ends what is pending of a person, by its tenant token', async () => {
    const email = `${randomUUID()}@example.com`;
    const id = await createOtp(otps, email);
    const { body } = await order(byToken(), { target: { person: { email } } }).expect(200);
    expect(body).toMatchObject({ tenant: tenant.id, actor: 'tenant:backend', approvals: [{ id, ended: true }] });
    expect(await lastRow(application.dataSource, id)).toMatchObject({
      move: 'cancel',
      actor: 'tenant:backend',
      reason: 'Lost her telephone.',
    });
    const shown = await request(application.nodes[1]!.url).get(`/recalls/${body.id}`).set(byToken()).expect(200);
    expect(shown.body).toEqual(body);
  });

  it('needs the scope recall of a bearer', async () => {
    const target = { person: { userId: 'alice' } };
    const refused = await order({ Authorization: `Bearer ${await accessToken(application.url, tenant)}` }, { target });
    expect([refused.status, refused.body.code]).toEqual([403, 'INSUFFICIENT_SCOPE']);
    expect(refused.headers['www-authenticate']).toBe('Bearer error="insufficient_scope", scope="recall"');
    await application.dataSource.query(`UPDATE oauth_client SET scopes = '{recall}' WHERE tenant_id = $1`, [tenant.id]);
    for (const { app } of application.nodes) app.get(Registry).forget();
    const { body } = await order(await bearer('recall'), { target }).expect(200);
    expect(body).toMatchObject({ actor: 'bearer:backend', state: 'done' });
    await order(await bearer(), { target }).expect(403);
    await request(application.url)
      .get(`/recalls/${body.id}`)
      .set(await bearer())
      .expect(403);
  });

  it('is within the tenant, whatever its body says', async () => {
    const other = await registerTenant(application.dataSource);
    const email = `${randomUUID()}@example.com`;
    const id = await createOtp(new OtpClient(application, other), email);
    const { body } = await order(byToken(), { tenant: other.id, target: { person: { email } } }).expect(200);
    expect(body).toMatchObject({ tenant: tenant.id, approvals: [] });
    await order(byToken(), { target: { approval: { kind: 'otp', id } } }).expect(404);
    expect(await lastRow(application.dataSource, id)).toMatchObject({ move: 'begin' });
    await request(application.url).get(`/recalls/${body.id}`).set({ 'x-tenant-token': other.token }).expect(404);
  });

  it('is refused without a credential, and as a problem document', async () => {
    const { headers } = await order({}, { target: { tenant: true } }).expect(401);
    expect(headers['content-type']).toMatch(/problem/);
    await order(byToken(), { target: {} })
      .expect(400)
      .expect('Content-Type', /problem/);
  });
});
