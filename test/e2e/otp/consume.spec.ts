import { registerTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient, wrong } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('POST /otp/consume', () => {
  let application: TestApplication;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy, 2);
    client = new OtpClient(application, await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  it('uses a verified OTP up, once, however late', async () => {
    const otp = await client.make();
    await client.post('verify', otp).expect(201);
    await advance(application, 3_600);
    const { body } = await client.post('consume', otp).expect(201);
    expect(body.data).toEqual({ success: true });
    const again = await client.post('consume', otp).expect(422);
    expect(again.body.error).toEqual({
      message: 'OTP has already been consumed',
      code: 'OTP_ALREADY_CONSUMED',
      status: 422,
    });
    expect((await client.post('verify', otp).expect(422)).body.error.code).toBe('OTP_ALREADY_VERIFIED');
  });

  it('succeeds for one of two at once, on two nodes', async () => {
    for (let round = 0; round < 20; round += 1) {
      const otp = await client.make();
      await client.post('verify', otp).expect(201);
      const answers = await Promise.all([client.post('consume', otp), client.post('consume', otp)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    }
  });

  it.each(['pending', 'cancelled', 'expired', 'failed'])('refuses one that is %s', async (state) => {
    const otp = await client.make();
    if (state === 'cancelled') await client.post('cancel', otp).expect(201);
    if (state === 'expired') await advance(application, 600);
    if (state === 'failed')
      for (let guess = 0; guess < 5; guess += 1)
        await client.post('verify', { ...otp, code: wrong(otp.code) }).expect(422);
    const { body } = await client.post('consume', otp).expect(422);
    expect(body.error.code).toBe(state === 'pending' ? 'OTP_NOT_VERIFIED' : `OTP_${state.toUpperCase()}`);
  });
});
