import { registerTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient, wrong } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('GET /otp/{id}', () => {
  let application: TestApplication;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    client = new OtpClient(application, await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const status = async ({ id, scope }: { id: string; scope: string }): Promise<object> =>
    (await client.status(id, scope).expect(201)).body.data;

  it('shows a pending OTP', async () => {
    const otp = await client.make();
    await client.post('verify', { ...otp, code: wrong(otp.code) }).expect(422);
    expect(await status(otp)).toEqual({
      status: 'pending',
      expiresAt: expect.stringMatching(/Z$/),
      attemptsRemaining: 4,
      resendAvailableAt: expect.stringMatching(/Z$/),
      delivery: 'delivered',
    });
  });

  it('shows how each OTP ended, also a week later', async () => {
    const [verified, cancelled, expired] = [await client.make(), await client.make(), await client.make()];
    await client.post('verify', verified).expect(201);
    await client.post('cancel', cancelled).expect(201);
    await advance(application, 7 * 24 * 3_600);
    expect(await status(verified)).toMatchObject({ status: 'verified', resendAvailableAt: null });
    expect(await status(cancelled)).toMatchObject({ status: 'cancelled', resendAvailableAt: null });
    expect(await status(expired)).toMatchObject({ status: 'expired', resendAvailableAt: null });
    await client.post('consume', verified).expect(201);
    expect(await status(verified)).toMatchObject({ status: 'consumed' });
  });

  it.each([
    ['no scope', undefined, 'Required'],
    ['a scope that is none', 'other', 'Invalid enum value'],
  ])('refuses %s', async (_, scope, problem) => {
    const { id } = await client.make();
    const { body } = await client.status(id, scope as string).expect(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', validation: { scope: problem } });
  });

  it.each(['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'x'.repeat(256)])('does not find %s', async (id) => {
    expect((await client.status(id, 'otp_signin').expect(404)).body.error.code).toBe('OTP_NOT_FOUND');
  });

  it.each(['%00', 'x'.repeat(100_000)])('refuses what cannot be an id', async (id) => {
    expect((await client.status(id, 'otp_signin').expect(400)).body.error.code).toBe('VALIDATION_ERROR');
  });
});
