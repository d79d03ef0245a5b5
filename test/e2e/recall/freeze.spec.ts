import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { OtpClient } from '../../support/otp-client';
import { createOtp, RecallDesk } from '../../support/recalls';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('A recall that freezes', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 'loopback' }, 2);
    tenant = await registerTenant(application.dataSource);
    desk = new RecallDesk(application.url, tenant);
    otps = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const admin = (method: 'get' | 'delete', path: string) =>
    request(application.nodes[1]!.url)[method](`/admin/v1/freezes${path}`).auth(testAdminToken, { type: 'bearer' });

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
});
