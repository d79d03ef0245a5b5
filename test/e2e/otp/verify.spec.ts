import { registerTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient, wrong } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('POST /otp/verify', () => {
  let application: TestApplication;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    client = new OtpClient(application, await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const errorOf = async (body: object, status: number): Promise<object> =>
    (await client.post('verify', body).expect(status)).body.error;

  it('takes the code that was sent, once', async () => {
    const { id, scope, code } = await client.make();
    const { body } = await client.post('verify', { id, scope, code }).expect(201);
    expect(body).toEqual({ meta: expect.any(Object), data: { success: true } });
    expect(await errorOf({ id, scope, code }, 422)).toEqual({
      message: 'OTP has already been verified',
      code: 'OTP_ALREADY_VERIFIED',
      status: 422,
    });
  });

  it('says how many attempts are left, and then that there are none', async () => {
    const { id, scope, code } = await client.make();
    for (const attemptsRemaining of [4, 3, 2, 1])
      expect(await errorOf({ id, scope, code: wrong(code) }, 422)).toEqual({
        message: 'OTP is invalid',
        code: 'OTP_INVALID',
        status: 422,
        attemptsRemaining,
      });
    const failed = { message: 'OTP has failed: no attempts are left', code: 'OTP_FAILED', status: 422 };
    expect(await errorOf({ id, scope, code: wrong(code) }, 422)).toEqual(failed);
    expect(await errorOf({ id, scope, code }, 422)).toEqual(failed);
  });

  it('takes the right code on the last attempt', async () => {
    const { id, scope, code } = await client.make();
    for (let guess = 1; guess < 5; guess += 1) await errorOf({ id, scope, code: wrong(code) }, 422);
    await client.post('verify', { id, scope, code }).expect(201);
  });

  it.each(['12345', '1234567', '12345a', '１２３４５６', ' 123456', '-12345'])(
    'refuses %j as malformed, which costs no attempt',
    async (code) => {
      const otp = await client.make();
      const { id, scope } = otp;
      const error = await errorOf({ id, scope, code }, 400);
      expect(error).toMatchObject({ code: 'VALIDATION_ERROR', validation: { code: 'Expected 6 digits' } });
      const { body } = await client.status(id, scope).expect(201);
      expect(body.data.attemptsRemaining).toBe(5);
    },
  );

  it('refuses a number where text is expected', async () => {
    const { id, scope } = await client.make();
    const error = await errorOf({ id, scope, code: 123456 }, 400);
    expect(error).toMatchObject({ validation: { code: 'Expected string, received number' } });
  });

  it('refuses what has expired, by the clock alone', async () => {
    const { id, scope, code } = await client.make();
    await advance(application, 599);
    await errorOf({ id, scope, code: wrong(code) }, 422);
    await advance(application, 1);
    expect(await errorOf({ id, scope, code }, 422)).toMatchObject({ code: 'OTP_EXPIRED', message: 'OTP has expired' });
  });

  it('refuses what has been cancelled', async () => {
    const { id, scope, code } = await client.make();
    await client.post('cancel', { id, scope }).expect(201);
    expect(await errorOf({ id, scope, code }, 422)).toMatchObject({
      code: 'OTP_CANCELLED',
      message: 'OTP has been cancelled',
    });
  });

  it('finds no OTP under another scope, nor one of another tenant', async () => {
    const { id, scope, code } = await client.make();
    expect(await errorOf({ id, scope: 'otp_signin', code }, 404)).toMatchObject({ code: 'OTP_NOT_FOUND' });
    const stranger = new OtpClient(application, await registerTenant(application.dataSource));
    const { body } = await stranger.post('verify', { id, scope, code }).expect(404);
    expect(body.error).toEqual({ message: 'OTP not found', code: 'OTP_NOT_FOUND', status: 404 });
    await client.post('verify', { id, scope, code }).expect(201);
  });
});
