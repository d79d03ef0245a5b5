import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { generousThrottles, makeKey } from '../../support/operators';
import { OtpClient } from '../../support/otp-client';
import { createOtp, RecallDesk } from '../../support/recalls';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('A recall that freezes', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 'loopback', ...generousThrottles }, 2);
    tenant = await registerTenant(application.dataSource);
    desk = new RecallDesk(application.url, tenant);
    otps = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const admin = (method: 'get' | 'delete', path: string, token = testAdminToken) =>
    request(application.nodes[1]!.url)[method](`/admin/v1/freezes${path}`).auth(token, { type: 'bearer' });

  it('lets nothing begin for the person until it is lifted', async () => {
    const email = `${randomUUID()}@example.com`;
    const create = () => otps.post('create', { scope: 'otp_signin', method: 'email', recipient: email });
    const id = await createOtp(otps, email);
    const { body } = await desk.post({ target: { person: { email } }, freezeSeconds: 600 }).expect(200);
    expect(body).toMatchObject({ approvals: [{ id, ended: true }], freeze: { id: expect.any(String) } });
    expect((await desk.get(`/${body.id}`).expect(200)).body).toEqual(body);
    expect((await create()).status).toBe(403);
    await createOtp(otps);

    const { items } = (await admin('get', `?tenant=${tenant.id}&inForce=true`).expect(200)).body;
    expect(items).toMatchObject([{ id: body.freeze.id, recall: body.id, subjects: ['email'], endedAt: null }]);
    await admin('delete', `/${body.freeze.id}`).expect(204);
    await admin('delete', `/${body.freeze.id}`).expect(404);
    await create().expect(201);
  });

  it.each(['relyingParty', 'client', 'device', 'tenant'] as const)(
    'of a %s is lifted by support of its tenant, and by no one of less or elsewhere',
    async (kind) => {
      const own = await registerTenant(application.dataSource);
      const other = await registerTenant(application.dataSource);
      const targets = {
        relyingParty: own.relyingParty.clientId,
        client: own.oauthClient.clientId,
        device: '1',
        tenant: true,
      };
      const { body } = await new RecallDesk(application.url, own)
        .post({ target: { [kind]: targets[kind] }, freezeSeconds: 600 })
        .expect(202);
      const path = `/${body.freeze.id}`;
      const key = (role: 'viewer' | 'support', { id }: TestTenant) => makeKey(application.url, role, [id]);
      expect((await admin('delete', path, await key('viewer', own)).expect(403)).body.code).toBe('ROLE_TOO_LOW');
      expect((await admin('delete', path, await key('support', other)).expect(404)).body.code).toBe('NOT_FOUND');
      const inForce = async () => (await admin('get', `?tenant=${own.id}&inForce=true`).expect(200)).body.items;
      expect(await inForce()).toMatchObject([{ id: body.freeze.id, endedAt: null }]);
      await admin('delete', path, await key('support', own)).expect(204);
      expect(await inForce()).toEqual([]);
      const [lifted] = (await admin('get', `?tenant=${own.id}`).expect(200)).body.items;
      expect(lifted).toMatchObject({ id: body.freeze.id, endedBy: expect.stringMatching(/^key:/) });
    },
  );
});
