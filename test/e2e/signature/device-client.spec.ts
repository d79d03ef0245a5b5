import { Device, enrol } from '../../../examples/device-client/device';
import request from 'supertest';
import { registerTenant } from '../../support/fixtures';
import { accessToken, startBody, TestBackend } from '../../support/signatures';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('the example device', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication();
  });
  afterAll(() => application.close());

  it('enrols, waits, confirms and rejects', async () => {
    const tenant = await registerTenant(application.dataSource);
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    const { body } = await request(application.url)
      .post(`/admin/v1/tenants/${tenant.id}/users/alice/activation-codes`)
      .auth(testAdminToken, { type: 'bearer' })
      .expect(201);
    const device = new Device(application.url, await enrol(application.url, body.activationCode, 'Phone'));
    for (const [decide, end] of [
      ['confirm', 'CONFIRMED'],
      ['reject', 'REJECTED'],
    ] as const) {
      const result = backend.start(startBody({ callbackUrl: '' })).then((answer) => answer.body.data);
      const [offer] = await device.fetch(25);
      await device[decide](offer!);
      expect(await result).toMatchObject([{ signatureResult: end }]);
    }
  });

  it('reports why it is refused', async () => {
    await expect(enrol(application.url, 'AAAAA-AAAAA', 'Phone')).rejects.toThrow(
      'ACTIVATION_CODE_NOT_FOUND: Activation code is wrong, used or expired',
    );
  });
});
