import { OtpConfig } from '../../../src/otp/config/otp-configs';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient, wrong } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('POST /otp/cancel', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const success = {
    meta: { requestId: expect.any(String), timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) },
    data: { success: true },
  };
  const notCancelable = { message: 'OTP is not cancelable', code: 'OTP_NOT_CANCELABLE', status: 422 };
  const notFound = { message: 'OTP not found', code: 'OTP_NOT_FOUND', status: 404 };
  const errorOf = async (body: object | string, status: number): Promise<object> =>
    (await client.post('cancel', body).expect(status)).body.error;

  it.each(['email_verification', 'phone_verification', 'reset_password', 'otp_signin'])(
    'cancels a pending OTP for %s',
    async (scope) => {
      const { id, code } = await client.make({ scope });
      const { body } = await client.post('cancel', { id, scope }).expect(201);
      expect(body).toEqual(success);
      const verified = await client.post('verify', { id, scope, code }).expect(422);
      expect(verified.body.error.code).toBe('OTP_CANCELLED');
    },
  );

  it('succeeds again on a cancelled one, and does nothing more', async () => {
    const { id, scope } = await client.make();
    await client.post('cancel', { id, scope }).expect(201);
    const history = () => application.dataSource.query('SELECT * FROM history WHERE approval = $1 ORDER BY seq', [id]);
    const before = await history();
    expect((await client.post('cancel', { id, scope }).expect(201)).body).toEqual(success);
    expect(await history()).toEqual(before);
  });

  it('refuses a verified one, and once it is consumed', async () => {
    const otp = await client.make();
    const { id, scope } = otp;
    await client.post('verify', otp).expect(201);
    expect(await errorOf({ id, scope }, 422)).toEqual(notCancelable);
    await client.post('consume', { id, scope }).expect(201);
    expect(await errorOf({ id, scope }, 422)).toEqual(notCancelable);
  });

  it('refuses one that has failed', async () => {
    const otp = await client.make();
    for (let guess = 0; guess < 5; guess += 1)
      await client.post('verify', { ...otp, code: wrong(otp.code) }).expect(422);
    expect(await errorOf({ id: otp.id, scope: otp.scope }, 422)).toEqual(notCancelable);
  });

  it('refuses one that has expired, before anything has written that down', async () => {
    const { id, scope } = await client.make();
    await advance(application, 600);
    expect(await errorOf({ id, scope }, 422)).toEqual(notCancelable);
    expect(await application.dataSource.query('SELECT status FROM otp WHERE id = $1', [id])).toEqual([
      { status: 'pending' },
    ]);
  });

  it.each([
    ['an unknown id', { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }],
    ['what is no ULID', { id: "'; DROP TABLE otp --" }],
  ])('does not find %s', async (_, { id }) => {
    expect(await errorOf({ id, scope: 'reset_password' }, 404)).toEqual(notFound);
  });

  it('does not find one under another scope, nor one of another tenant', async () => {
    const { id, scope } = await client.make();
    expect(await errorOf({ id, scope: 'otp_signin' }, 404)).toEqual(notFound);
    const stranger = new OtpClient(application, await registerTenant(application.dataSource));
    expect((await stranger.post('cancel', { id, scope }).expect(404)).body.error).toEqual(notFound);
    await client.post('cancel', { id, scope }).expect(201);
  });

  const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const scope = 'reset_password';
  const invalid: [string, object, Record<string, string>][] = [
    ['nothing', {}, { id: 'Required', scope: 'Required' }],
    ['no id and a scope that is none', { scope: 'other' }, { id: 'Required', scope: 'Invalid enum value' }],
    ['an empty id', { id: '', scope }, { id: 'String must contain at least 1 character(s)' }],
    ['a number for an id', { id: 1, scope }, { id: 'Expected string, received number' }],
    ['null for an id', { id: null, scope }, { id: 'Expected string, received null' }],
    ['an object for an id', { id: { $ne: 1 }, scope }, { id: 'Expected string, received object' }],
    ['an array for a scope', { id, scope: [scope] }, { scope: 'Expected string, received array' }],
    ['a boolean for a scope', { id, scope: true }, { scope: 'Expected string, received boolean' }],
    ['an empty scope', { id, scope: '' }, { scope: 'Invalid enum value' }],
    ['a scope in capitals', { id, scope: 'RESET_PASSWORD' }, { scope: 'Invalid enum value' }],
    ['a NUL in the id', { id: `${id}\0`, scope }, { id: 'Invalid' }],
    ['an id of 60 kB', { id: 'x'.repeat(60_000), scope }, { id: 'String must contain at most 256 character(s)' }],
  ];
  it.each(invalid)('names what is bad in %s', async (_, body, validation) => {
    expect(await errorOf(body, 400)).toEqual({
      message: 'The provided request data is invalid.',
      code: 'VALIDATION_ERROR',
      status: 400,
      validation,
    });
  });

  it('does not take what an object inherits for its fields', async () => {
    const error = await errorOf(`{"__proto__": {"id": "${id}", "scope": "${scope}"}}`, 400);
    expect(error).toMatchObject({ validation: { id: 'Required', scope: 'Required' } });
  });

  it.each([
    ['no configuration', undefined],
    ['a configuration out of bounds', { codeLength: 3 }],
    ['a configuration of another kind', ['codeLength', 6]],
  ])('answers TENANT_NOT_CONFIGURED for a tenant with %s', async (_, settings) => {
    const { dataSource } = application;
    const unlucky = await registerTenant(dataSource);
    const its = new OtpClient(application, unlucky);
    await dataSource.manager.delete(OtpConfig, { tenantId: unlucky.id });
    if (settings !== undefined) await dataSource.manager.insert(OtpConfig, { tenantId: unlucky.id, settings });
    const expected = { message: 'Tenant OTP configuration is missing', code: 'TENANT_NOT_CONFIGURED', status: 500 };
    expect((await its.post('cancel', { id, scope }).expect(500)).body.error).toEqual(expected);
    const create = { scope, method: 'email', recipient: 'alice@example.com' };
    expect((await its.post('create', create).expect(500)).body.error).toEqual(expected);
    expect((await its.post('cancel', { scope }).expect(400)).body.error.code).toBe('VALIDATION_ERROR');
  });

  it('answers anything unforeseen as an internal error, and says nothing of it', async () => {
    const { dataSource } = application;
    await dataSource.query('ALTER TABLE otp RENAME TO otp_away');
    const { body } = await client.post('cancel', { id, scope }).expect(500);
    await dataSource.query('ALTER TABLE otp_away RENAME TO otp');
    expect(body.error).toEqual({
      message: 'Something went wrong on our side.',
      code: 'INTERNAL_SERVER',
      status: 500,
    });
  });
});
