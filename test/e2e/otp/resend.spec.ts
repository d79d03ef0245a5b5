import { registerTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient, wrong } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('POST /otp/resend', () => {
  let application: TestApplication;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    client = new OtpClient(application, await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  it('sends the same code again, once the interval is over', async () => {
    const { id, scope, code, recipient } = await client.make();
    await advance(application, 60);
    const { body } = await client.post('resend', { id, scope }).expect(201);
    expect(body.data).toEqual({ success: true });
    const messages = await client.inbox(recipient);
    expect(messages.map((message) => message.code)).toEqual([code, code]);
    await client.post('verify', { id, scope, code }).expect(201);
  });

  it('says how long to wait, and resends after that', async () => {
    const { id, scope } = await client.make();
    await advance(application, 18);
    const { body, headers } = await client.post('resend', { id, scope }).expect(429);
    expect(body.error).toEqual({ message: 'OTP was sent a moment ago', code: 'OTP_RESEND_TOO_SOON', status: 429 });
    const waitSeconds = Number(headers['retry-after']);
    expect(waitSeconds).toBeGreaterThan(40);
    expect(waitSeconds).toBeLessThanOrEqual(42);
    await advance(application, waitSeconds);
    await client.post('resend', { id, scope }).expect(201);
    await client.post('resend', { id, scope }).expect(429);
  });

  it('resends three times at most', async () => {
    const { id, scope } = await client.make();
    for (let count = 0; count < 3; count += 1) {
      await advance(application, 60);
      await client.post('resend', { id, scope }).expect(201);
    }
    await advance(application, 60);
    const { body, headers } = await client.post('resend', { id, scope }).expect(422);
    expect(body.error).toMatchObject({ code: 'OTP_RESEND_LIMIT', status: 422 });
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('gives no new attempts and no longer life', async () => {
    const { id, scope, code } = await client.make();
    await client.post('verify', { id, scope, code: wrong(code) }).expect(422);
    const before = await client.status(id, scope).expect(201);
    await advance(application, 60);
    await client.post('resend', { id, scope }).expect(201);
    const { body } = await client.status(id, scope).expect(201);
    expect(body.data).toMatchObject({ attemptsRemaining: 4, expiresAt: before.body.data.expiresAt });
  });

  it.each([
    ['cancelled', 'OTP_CANCELLED'],
    ['verified', 'OTP_ALREADY_VERIFIED'],
    ['expired', 'OTP_EXPIRED'],
  ])('refuses one that is %s', async (state, refusal) => {
    const otp = await client.make();
    if (state === 'cancelled') await client.post('cancel', otp).expect(201);
    if (state === 'verified') await client.post('verify', otp).expect(201);
    if (state === 'expired') await advance(application, 600);
    const { body } = await client.post('resend', otp).expect(422);
    expect(body.error.code).toBe(refusal);
  });

  it('sends one message for concurrent calls', async () => {
    const { id, scope, recipient } = await client.make();
    await advance(application, 60);
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.post('resend', { id, scope })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await client.inbox(recipient)).toHaveLength(2);
  });
});
