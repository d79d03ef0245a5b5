import { randomUUID } from 'node:crypto';
import { ApprovalDesk } from '../../support/approval-desk';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { generousThrottles, makeKey } from '../../support/operators';
import { advance, OtpClient } from '../../support/otp-client';
import { createOtp, RecallDesk } from '../../support/recalls';
import { accessToken, TestBackend } from '../../support/signatures';
import { initiate, TestSigner } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('An approval in full', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: ApprovalDesk;
  let otps: OtpClient;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, trustProxy: 'loopback', ...generousThrottles });
  });
  beforeEach(async () => {
    const { dataSource, url } = application;
    tenant = await registerTenant(dataSource);
    desk = new ApprovalDesk(url, tenant.id);
    otps = new OtpClient({ url, nodes: [{ url }] }, tenant);
  });
  afterEach(() => application.dataSource.query(`UPDATE approval_clock SET advance = interval '0'`));
  afterAll(() => application.close());

  const show = async (kind: string, id: string) => (await desk.get(`/${kind}/${id}`).expect(200)).body;

  it('has its facts, its history, its deliveries and what may become of it', async () => {
    const { id } = await otps.make({ recipient: 'alice@example.com' });
    const otp = await show('otp', id);
    expect(otp).toMatchObject({
      tenant: tenant.id,
      kind: 'otp',
      id,
      state: 'pending',
      facts: { recipient: 'a•••@example.com', attempts: 0 },
      timeline: [{ seq: 1, move: 'begin', to: 'pending', actor: 'tenant:backend', previousHash: null }],
      chain: { intact: true, brokenAt: null },
      deliveries: [{ channel: 'otp-message', attempts: 1 }],
    });
    expect(otp.next).toContainEqual({ transition: 'cancel', to: 'cancelled', by: 'call', at: null });
    expect(otp.next).toContainEqual({ transition: 'lapse', to: 'expired', by: 'time', at: otp.expiresAt });
  });

  it('tells who recalled it and why, and that nothing may become of it', async () => {
    const id = await createOtp(otps);
    await new RecallDesk(application.url, tenant).recall({ approval: { kind: 'otp', id } }, { reason: 'She called.' });
    expect(await show('otp', id)).toMatchObject({
      state: 'cancelled',
      endedBy: 'admin',
      next: [],
      timeline: [{ reason: null }, { move: 'cancel', actor: 'admin', reason: 'She called.' }],
      chain: { intact: true },
    });
  });

  it('says what only a recall may do, and when an open session ends', async () => {
    const initiated = await initiate(application.url, tenant.relyingParty);
    await new TestSigner(application.nodes[0]!, initiated).proceed();
    const { state, next } = await show('sign-request', initiated.request_id);
    expect(state).toBe('signing');
    expect(next).toEqual([
      { transition: 'reject', to: 'pending', by: 'call', at: null },
      { transition: 'approve', to: 'signed', by: 'call', at: null },
      { transition: 'lapse', to: 'pending', by: 'time', at: expect.any(String) },
      { transition: 'cancel', to: 'cancelled', by: 'recall', at: null },
    ]);
  });

  it('goes by what time has done, though it is not written down', async () => {
    const { request_id: id } = await initiate(application.url, tenant.relyingParty);
    await advance(application, 3_600);
    const { state, endedBy, endedAt, expiresAt, next, timeline } = await show('sign-request', id);
    expect({ state, endedBy, endedAt }).toEqual({ state: 'expired', endedBy: 'clock', endedAt: expiresAt });
    expect(next).toEqual([{ transition: 'cancel', to: 'cancelled', by: 'call', at: null }]);
    expect(timeline).toHaveLength(1);
  });

  it('has the deliveries of its own kind where another has the same id', async () => {
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    const otpId = await createOtp(otps);
    await backend.started({ transactionId: otpId });
    await backend.cancel({ deviceId: ['-1'], transactionId: otpId }).expect(200);
    const channelsOf = async (kind: string) =>
      (await show(kind, otpId)).deliveries.map(({ channel }: { channel: string }) => channel);
    expect(await channelsOf('otp')).toEqual(['otp-message']);
    expect(await channelsOf('signature')).toEqual(['signature-callback']);
  });

  it.each([
    ['a changed actor', `actor = 'another'`, 2],
    ['a changed reason of the first row', `reason = 'none'`, 1],
  ])('shows %s in its history', async (_, change, seq) => {
    const { id, scope } = await otps.make();
    await otps.post('cancel', { id, scope }).expect(201);
    await tamper(`UPDATE history SET ${change} WHERE approval = '${id}' AND seq = ${seq}`);
    expect((await show('otp', id)).chain).toEqual({ intact: false, brokenAt: seq });
  });

  it('shows that the last row of its history is gone', async () => {
    const { id, scope } = await otps.make();
    await otps.post('cancel', { id, scope }).expect(201);
    await tamper(`DELETE FROM history WHERE approval = '${id}' AND seq = 2`);
    expect((await show('otp', id)).chain).toEqual({ intact: false, brokenAt: 2 });
  });

  /** As one who may write the database; history lets nobody else. */
  const tamper = async (sql: string) => {
    application.database.leaveUnchecked();
    await application.dataSource.query('ALTER TABLE history DISABLE TRIGGER USER');
    await application.dataSource.query(sql);
    await application.dataSource.query('ALTER TABLE history ENABLE TRIGGER USER');
  };

  it('is not found where there is none, or the operator does not have its tenant', async () => {
    const id = await createOtp(otps);
    const other = await registerTenant(application.dataSource);
    for (const path of [`/otp/${randomUUID()}`, `/signature/${id}`, `/letter/${id}`, '/otp/%00'])
      await desk
        .get(path)
        .expect(404)
        .expect('content-type', /problem\+json/);
    await new ApprovalDesk(application.url, other.id).get(`/otp/${id}`).expect(404);
    const key = await makeKey(application.url, 'support', [other.id]);
    const { body } = await new ApprovalDesk(application.url, tenant.id, key).get(`/otp/${id}`).expect(404);
    expect(body.code).toBe('TENANT_NOT_FOUND');
    const own = await makeKey(application.url, 'viewer', [tenant.id]);
    await new ApprovalDesk(application.url, tenant.id, own).get(`/otp/${id}`).expect(200);
  });

  it('is recorded, as is a search, without what identifies a person elsewhere', async () => {
    const id = await createOtp(otps, 'alice@example.com');
    await desk.get('', { recipient: 'alice@example.com' }).expect(200);
    await desk.get(`/otp/${id}`).expect(200);
    const rows = await application.dataSource.query<{ route: string; target: string }[]>(
      'SELECT route, target FROM audit WHERE tenant_id = $1 ORDER BY at',
      [tenant.id],
    );
    expect(rows).toMatchObject([
      { route: '/admin/v1/approvals', target: '{"recipient":true}' },
      { route: '/admin/v1/approvals/:kind/:id', target: expect.stringContaining(id) },
    ]);
  });
});
