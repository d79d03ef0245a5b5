import request, { type Test } from 'supertest';
import { OtpConfig } from '../../../src/otp/config/otp-configs';
import { defaults } from '../../../src/otp/config/otp-settings';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { behindProxy, OtpClient } from '../../support/otp-client';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('/admin/v1/tenants/{id}/otp-config', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'put' | 'delete', id = tenant.id): Test =>
    request(application.url)[method](`/admin/v1/tenants/${id}/otp-config`).auth(testAdminToken, { type: 'bearer' });

  it('puts settings, which hold at once, and answers those in force', async () => {
    const { body } = await call('put').send({ codeLength: 4, maxAttempts: 1 }).expect(200);
    expect(body).toEqual({ ...defaults, codeLength: 4, maxAttempts: 1 });
    expect((await client.make()).code).toMatch(/^\d{4}$/);
    expect((await call('get').expect(200)).body).toEqual(body);
    await call('put').send({}).expect(200);
    expect((await call('get').expect(200)).body).toEqual(defaults);
  });

  it('takes the tenant’s OTPs away, and gives them back', async () => {
    const otp = await client.make();
    await call('delete').expect(204);
    expect((await client.post('cancel', otp).expect(500)).body.error.code).toBe('TENANT_NOT_CONFIGURED');
    await call('get').expect(404);
    await call('delete').expect(404);
    await call('put').send({}).expect(200);
    await client.post('cancel', otp).expect(201);
  });

  const outOfBounds: [string, object][] = [
    ['codeLength', { codeLength: 3 }],
    ['codeLength', { codeLength: 11 }],
    ['codeLength', { codeLength: '6' }],
    ['codeLength', { codeLength: null }],
    ['codeLength', { codeLength: 6.5 }],
    ['lifeSeconds', { lifeSeconds: 59 }],
    ['lifeSeconds', { lifeSeconds: 601 }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['maxAttempts', { maxAttempts: 11 }],
    ['resendIntervalSeconds', { resendIntervalSeconds: 0 }],
    ['maxResends', { maxResends: -1 }],
    ['createsPerRecipientPerHour', { createsPerRecipientPerHour: 0 }],
    ['createsPerTenantPerHour', { createsPerTenantPerHour: 0 }],
    ['locale', { locale: 'xx' }],
    ['templates', { templates: {} }],
    ['templates', { templates: [[]] }],
    ['templates', { templates: [{ locale: 'en' }, { locale: 'en' }] }],
    ['templates.0.locale', { templates: [{ locale: 'English' }] }],
    ['templates.0.sms', { templates: [{ locale: 'en', sms: 'no code in it' }] }],
    ['templates.0.email', { templates: [{ locale: 'en', email: '{code}\0' }] }],
    ['templates.0.subject', { templates: [{ locale: 'en', subject: 'two\nlines' }] }],
  ];
  it.each(outOfBounds)('names %s in %j', async (field, settings) => {
    const { body } = await call('put').send(settings).expect(400);
    expect(body.errors).toEqual([{ field, problem: expect.any(String) }]);
    expect((await call('get').expect(200)).body).toEqual(defaults);
  });

  it('drops what is no setting', async () => {
    await call('put')
      .send({ codeLength: 7, backdoor: true, templates: [{ locale: 'en', extra: 1 }] })
      .expect(200);
    const { settings } = await application.dataSource.manager.findOneByOrFail(OtpConfig, { tenantId: tenant.id });
    expect(settings).toEqual({ codeLength: 7, templates: [{ locale: 'en' }] });
  });

  it('says of a broken configuration that it is one, and puts it right', async () => {
    await application.dataSource.manager.update(
      OtpConfig,
      { tenantId: tenant.id },
      { settings: { codeLength: 'six' } },
    );
    expect((await call('get').expect(409)).body.code).toBe('OTP_CONFIG_BROKEN');
    await call('put').send({}).expect(200);
    await call('get').expect(200);
  });

  it.each(['nobody', 'Not A Slug', '%00'])('knows no tenant %j', async (id) => {
    await call('put', id).send({}).expect(404);
    await call('get', id).expect(404);
    await call('delete', id).expect(404);
  });

  it('is for administrators', async () => {
    await call('get').auth('nobody', { type: 'bearer' }).expect(401);
  });
});
