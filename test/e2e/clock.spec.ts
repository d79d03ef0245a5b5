import request from 'supertest';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { OtpClient } from '../support/otp-client';
import { Receiver } from '../support/receiver';
import { initiate, TestSigner } from '../support/sign-requests';
import { accessToken, TestBackend } from '../support/signatures';
import { openApplication, type TestApplication } from '../support/test-app';

const hour = 3600;
const week = 7 * 24 * hour;

describe("The approvals' clock, moved through the sandbox", () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  let receiver: Receiver;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, allowPrivateTargets: true }, 2);
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    receiver = await Receiver.open();
  });
  afterEach(() => moveClock(0));
  afterAll(async () => {
    await receiver.close();
    await application.close();
  });

  const moveClock = (offsetSeconds: number) =>
    request(application.nodes[1]!.url).post('/sandbox/clock').send({ offsetSeconds }).expect(200);
  const started = (path: string, deviceGoOnlineTimeout: number) =>
    backend.started({ callbackUrl: receiver.url + path, deviceGoOnlineTimeout });
  const resultAt = async (path: string): Promise<object> => {
    const [call] = await receiver.received(path);
    return JSON.parse(call!.body).data[0];
  };
  const statusOf = async (table: string, id: string): Promise<string> =>
    (await application.dataSource.query(`SELECT status FROM ${table} WHERE id = $1`, [id]))[0].status;

  it('sends the callback of a transaction that it ends at once', async () => {
    const transactionId = await started('/at-once', hour);
    await moveClock(2 * hour);
    expect(await statusOf('signature', transactionId)).toBe('expired');
    expect(await resultAt('/at-once')).toMatchObject({ transactionId, signatureResult: 'DEVICE_OFFLINE' });
  });

  it('brings nearer the callback of a transaction that it does not end', async () => {
    const transactionId = await started('/nearer', hour);
    await moveClock(hour - 3);
    expect(await statusOf('signature', transactionId)).toBe('waiting');
    expect(await resultAt('/nearer')).toMatchObject({ transactionId, signatureResult: 'DEVICE_OFFLINE' });
  });

  it('loses no callback when it is moved back before the end', async () => {
    await moveClock(hour);
    const transactionId = await started('/later', 2);
    await moveClock(hour - 3);
    expect(await resultAt('/later')).toMatchObject({ transactionId, signatureResult: 'DEVICE_OFFLINE' });
  });

  it('opens no approval again that was over', async () => {
    const transactionId = await started('/over', hour);
    const otps = new OtpClient(application, tenant);
    const otp = await otps.make();
    const [open, signing] = [
      await initiate(application.url, tenant.relyingParty),
      await initiate(application.url, tenant.relyingParty),
    ];
    const signer = new TestSigner(application.nodes[0]!, signing);
    await signer.proceed();
    await moveClock(600);
    expect(await statusOf('sign_request', signing.request_id)).toBe('pending');

    await moveClock(week);
    await moveClock(0);
    await backend.cancel({ deviceId: ['-1'], transactionId }).expect(409);
    expect((await otps.post('cancel', { id: otp.id, scope: otp.scope })).body.error.code).toBe('OTP_NOT_CANCELABLE');
    await signer.approve();
    for (const { request_id } of [open, signing]) expect(await statusOf('sign_request', request_id)).toBe('expired');
    const [forgotten] = await application.dataSource.query('SELECT sealed FROM otp WHERE id = $1', [otp.id]);
    expect(forgotten).toEqual({ sealed: null });
  });

  it('opens no approval again whose end is answered while it is moved', async () => {
    const transactionId = await started('/meanwhile', hour);
    // Ahead, and nothing written down: as when the time has only just run out.
    await application.dataSource.query(`UPDATE approval_clock SET advance = interval '2 hours'`);
    await backend.cancel({ deviceId: ['-1'], transactionId }).expect(409);
    await moveClock(0);
    await backend.cancel({ deviceId: ['-1'], transactionId }).expect(409);
    expect(await resultAt('/meanwhile')).toMatchObject({ signatureResult: 'DEVICE_OFFLINE' });
  });
});
