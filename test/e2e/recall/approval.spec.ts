import { randomUUID } from 'node:crypto';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { advance, OtpClient } from '../../support/otp-client';
import { codeOf } from '../../support/otp-codes';
import { createOtp, lastRow, RecallDesk } from '../../support/recalls';
import { Receiver } from '../../support/receiver';
import { accessToken, startBody, TestBackend } from '../../support/signatures';
import { callCancel, type Initiated, initiate, TestSigner } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const reason = 'She did not ask for this.';
const message = 'Pay 12.50 EUR to Bob';

describe('A recall of one approval', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  let backend: TestBackend;
  let device: TestDevice;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true, trustProxy: 'loopback' }, 2);
    receiver = await Receiver.open();
    const { dataSource, url } = application;
    tenant = await registerTenant(dataSource);
    // Ordered at one node, and all else at the other.
    desk = new RecallDesk(application.nodes[1]!.url, tenant);
    otps = new OtpClient({ url, nodes: [{ url }] }, tenant);
    backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
    device = await TestDevice.plant(dataSource, url, tenant.id);
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const recall = async (kind: string, id: string) => {
    const met = await desk.recall({ approval: { kind, id } }, { reason });
    expect(met).toEqual([{ kind, id, before: any, after: any, ended: any, at: any }]);
    return met[0]!;
  };
  const any = expect.anything();
  const ended = (before: string) => ({ before, after: 'cancelled', ended: true });
  const hadEnded = (state: string) => ({ before: state, after: state, ended: false });
  const inHistory = (from: string) => ({ move: 'cancel', from, to: 'cancelled', actor: 'admin', reason });

  describe('that is an OTP', () => {
    const scope = 'otp_signin';
    const verify = async (id: string) => ({ id, scope, code: await codeOf(application.dataSource, tenant.id, id) });
    const codeOfAnswer = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [
      status,
      body.error?.code,
    ];

    it('ends a pending one, which its tenant is told like one that it cancelled', async () => {
      const id = await createOtp(otps);
      const guess = await verify(id);
      expect(await recall('otp', id)).toMatchObject(ended('pending'));
      expect(await lastRow(application.dataSource, id)).toMatchObject(inHistory('pending'));
      expect(codeOfAnswer(await otps.post('verify', guess))).toEqual([422, 'OTP_CANCELLED']);
      expect(codeOfAnswer(await otps.post('resend', { id, scope }))).toEqual([422, 'OTP_CANCELLED']);
      expect(codeOfAnswer(await otps.post('consume', { id, scope }))).toEqual([422, 'OTP_CANCELLED']);
      await otps.post('cancel', { id, scope }).expect(201);
      expect((await otps.status(id, scope)).body.data).toMatchObject({ status: 'cancelled' });
      const [row] = await application.dataSource.query('SELECT sealed FROM otp WHERE id = $1', [id]);
      expect(row).toEqual({ sealed: null });
    });

    it('ends a verified one that is not used up, which its tenant could not cancel', async () => {
      const id = await createOtp(otps);
      await otps.post('verify', await verify(id)).expect(201);
      expect(codeOfAnswer(await otps.post('cancel', { id, scope }))).toEqual([422, 'OTP_NOT_CANCELABLE']);
      expect(await recall('otp', id)).toMatchObject(ended('verified'));
      expect(await lastRow(application.dataSource, id)).toMatchObject(inHistory('verified'));
      expect(codeOfAnswer(await otps.post('consume', { id, scope }))).toEqual([422, 'OTP_CANCELLED']);
    });

    it('says how one had ended', async () => {
      const consumed = await createOtp(otps);
      await otps.post('verify', await verify(consumed)).expect(201);
      await otps.post('consume', { id: consumed, scope }).expect(201);
      expect(await recall('otp', consumed)).toMatchObject(hadEnded('consumed'));
      const cancelled = await createOtp(otps);
      await otps.post('cancel', { id: cancelled, scope }).expect(201);
      const met = await recall('otp', cancelled);
      expect(met).toMatchObject(hadEnded('cancelled'));
      expect(new Date(met.at!).getTime()).toBeLessThanOrEqual(Date.now());
    });
  });

  describe('that is a transaction', () => {
    const cancelled = { status: 409, body: { status: 'CONFLICT', message: 'Transaction already cancelled' } };

    it('ends a waiting one; a start that waits for it, a cancel and the device are told', async () => {
      const body = startBody({ callbackUrl: undefined });
      const id = body.transactionId;
      const waiting = backend.start(body).then((answer) => answer.body);
      await device.fetch(5);
      expect(await recall('signature', id)).toMatchObject(ended('delivered'));
      expect(await lastRow(application.dataSource, id)).toMatchObject(inHistory('delivered'));
      expect((await waiting).data).toMatchObject([{ transactionId: id, signatureResult: 'CANCELLED' }]);
      expect(await backend.cancel({ deviceId: ['-1'], transactionId: id })).toMatchObject(cancelled);
      expect(await device.confirm(id, message)).toMatchObject({ status: 409, body: { status: 'SERVER_CANCEL' } });
      expect((await device.fetch()).body.data).toEqual([]);
    });

    it('posts the callback of one that has one', async () => {
      const id = await backend.started({ callbackUrl: `${receiver.url}/recalled` });
      expect(await recall('signature', id)).toMatchObject(ended('waiting'));
      const [call] = await receiver.received('/recalled');
      expect(JSON.parse(call!.body).data).toMatchObject([{ transactionId: id, signatureResult: 'CANCELLED' }]);
    });

    it('says how one had ended', async () => {
      const id = await backend.started({ signatureMessage: message });
      await device.fetch();
      expect((await device.confirm(id, message)).status).toBe(200);
      expect(await recall('signature', id)).toMatchObject(hadEnded('confirmed'));
      const other = await backend.started();
      await device.fetch();
      await device.decide(other, { decision: 'CANCEL' });
      expect(await recall('signature', other)).toMatchObject(hadEnded('rejected'));
    });
  });

  describe('that is a sign request', () => {
    const result = ({ request_id, exchange_code }: Initiated) => ({ request_id, exchange_code });
    const refusal = async (id: string) => (await callCancel(application.url, tenant.relyingParty, id)).body.error;

    it('ends a pending one', async () => {
      const { request_id: id } = await initiate(application.url, tenant.relyingParty);
      expect(await recall('sign-request', id)).toMatchObject(ended('pending'));
      expect(await refusal(id)).toBe('REQUEST_ALREADY_CANCELLED');
    });

    it('ends one whose sign session is open, which its relying party could not cancel', async () => {
      const initiated = await initiate(application.url, tenant.relyingParty);
      const { request_id: id } = result(initiated);
      const signer = new TestSigner(application.nodes[0]!, initiated);
      await signer.proceed();
      expect(await refusal(id)).toBe('ACTIVE_SESSION_ONGOING');
      expect(await recall('sign-request', id)).toMatchObject(ended('signing'));
      expect(await lastRow(application.dataSource, id)).toMatchObject(inHistory('signing'));
      await signer.approve();
      expect(await lastRow(application.dataSource, id)).toMatchObject(inHistory('signing'));
      expect(await refusal(id)).toBe('REQUEST_ALREADY_CANCELLED');
    });

    it('says how one had ended', async () => {
      const initiated = await initiate(application.url, tenant.relyingParty);
      const signer = new TestSigner(application.nodes[0]!, initiated);
      await signer.proceed();
      await signer.approve();
      expect(await recall('sign-request', initiated.request_id)).toMatchObject(hadEnded('signed'));
    });
  });

  it('writes down as expired what is past its time, and answers that', async () => {
    const id = await createOtp(otps);
    const transaction = await backend.started();
    await advance(application, 3_600);
    expect(await recall('otp', id)).toMatchObject(hadEnded('expired'));
    expect(await recall('signature', transaction)).toMatchObject(hadEnded('expired'));
    await advance(application, -3_600);
    expect(await lastRow(application.dataSource, id)).toMatchObject({ move: 'lapse', to: 'expired', actor: 'clock' });
  });

  it('knows none of another tenant, of another kind, or of no such id', async () => {
    const other = await registerTenant(application.dataSource);
    const id = await createOtp(otps);
    const missing = (of: RecallDesk, kind: string, approval: string) =>
      of.post({ target: { approval: { kind, id: approval } } }).expect(404);
    for (const { body } of [
      await missing(new RecallDesk(application.url, other), 'otp', id),
      await missing(desk, 'signature', id),
      await missing(desk, 'otp', randomUUID()),
      await missing(desk, 'visit', id),
    ])
      expect(body.code).toBe('APPROVAL_NOT_FOUND');
    expect(await lastRow(application.dataSource, id)).toMatchObject({ move: 'begin' });
  });
});
