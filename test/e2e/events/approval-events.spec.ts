import { apis } from '../../../src/apis';
import { kindOf } from '../../../src/approvals/lifecycle';
import { OtpRepository } from '../../../src/otp/otp.repository';
import { SignRequestExpiry } from '../../../src/sign-request/sign-request.repository';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { advance, behindProxy, OtpClient } from '../../support/otp-client';
import { Receiver } from '../../support/receiver';
import { callCancel, initiate, TestSigner } from '../../support/sign-requests';
import { accessToken, TestBackend } from '../../support/signatures';
import { type ReceivedEvent, Subscriber } from '../../support/subscriber';
import { openApplication, type TestApplication } from '../../support/test-app';

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('A tenant that subscribes to events', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let otps: OtpClient;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, allowPrivateTargets: true, ...behindProxy }, 2);
    receiver = await Receiver.open();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    otps = new OtpClient(application, tenant);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const subscribe = (wanted = {}, tenantId = tenant.id) =>
    Subscriber.subscribe(application.nodes[0]!, receiver, tenantId, wanted);
  const cancelOtp = ({ id, scope }: { id: string; scope: string }) => otps.post('cancel', { id, scope }).expect(201);
  /** All that is queued about an approval, delivered or not. */
  const queuedAbout = async (id: string): Promise<ReceivedEvent[]> => {
    const rows = await application.dataSource.query<{ content: ReceivedEvent }[]>(
      `SELECT content FROM delivery WHERE approval_id = $1 AND channel = 'event' ORDER BY created_at, content->>'type'`,
      [id],
    );
    return rows.map(({ content }) => content);
  };
  const ends = (events: readonly ReceivedEvent[]) =>
    events.filter(({ type }) => type === 'approval.ended').map(({ data }) => data);

  it('learns how an OTP began and ended, and nothing of its recipient or code', async () => {
    const subscriber = await subscribe();
    const made = await otps.make();
    await cancelOtp(made);
    const about = { tenant: tenant.id, kind: 'otp', id: made.id, actor: 'tenant:backend', reason: null, at: instant };
    const events = await subscriber.events(2);
    expect(events.sort((a, b) => a.type.localeCompare(b.type))).toEqual([
      { type: 'approval.begun', timestamp: instant, data: { ...about, state: 'pending', transition: 'begin' } },
      { type: 'approval.ended', timestamp: instant, data: { ...about, state: 'cancelled', transition: 'cancel' } },
    ]);
    for (const { timestamp, data } of events) expect(data.at).toBe(timestamp);
    const told = JSON.stringify(await subscriber.calls(2));
    for (const secret of [made.recipient, made.code]) expect(told).not.toContain(secret);
  });

  it('hears of each kind of approval, by the name of its API', async () => {
    expect(apis.map(({ lifecycle }) => kindOf(lifecycle))).toEqual(apis.map(({ name }) => name));
    const subscriber = await subscribe({ types: ['approval.ended'] });
    const { id, scope } = await otps.make();
    const { request_id } = await initiate(application.url, tenant.relyingParty);
    const transactionId = await backend.started();
    await cancelOtp({ id, scope });
    expect((await callCancel(application.url, tenant.relyingParty, request_id)).status).toBe(200);
    await backend.cancel({ deviceId: '-1', transactionId }).expect(200);
    const told = (await subscriber.events(3)).map(({ data: { kind, id, actor } }) => ({ kind, id, actor }));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { kind: 'otp', id, actor: 'tenant:backend' },
        { kind: 'sign-request', id: request_id, actor: `relying-party:${tenant.relyingParty.clientId}` },
        { kind: 'signature', id: transactionId, actor: 'bearer:backend' },
      ]),
    );
  });

  it('learns by whom and how something ended, and of no transition that is no end', async () => {
    await subscribe({ types: ['approval.ended'] });
    const initiated = await initiate(application.url, tenant.relyingParty);
    const signer = new TestSigner(application.nodes[0]!, initiated);
    await signer.proceed();
    await signer.reject();
    await signer.proceed();
    expect(await queuedAbout(initiated.request_id)).toEqual([]);
    await signer.approve();
    expect(ends(await queuedAbout(initiated.request_id))).toEqual([
      expect.objectContaining({ state: 'signed', transition: 'approve', actor: 'signer', reason: null }),
    ]);

    const { id, scope, code } = await otps.make();
    await otps.post('verify', { id, scope, code }).expect(201);
    expect(await queuedAbout(id)).toEqual([]);
    await otps.post('consume', { id, scope }).expect(201);
    expect(ends(await queuedAbout(id))).toEqual([
      expect.objectContaining({ state: 'consumed', transition: 'consume' }),
    ]);
  });

  it('hears once of what time has ended: when that was, even where it is cancelled afterwards', async () => {
    await subscribe();
    const { id } = await otps.make();
    const { request_id } = await initiate(application.url, tenant.relyingParty);
    await advance(application, 3_600);
    const { app } = application.nodes[1]!;
    await app.get(OtpRepository).expire(100);
    await app.get(SignRequestExpiry).expire(100);
    expect((await callCancel(application.url, tenant.relyingParty, request_id)).status).toBe(200);
    for (const [table, of] of [
      ['otp', id],
      ['sign_request', request_id],
    ] as const) {
      const [told] = ends(await queuedAbout(of));
      expect(ends(await queuedAbout(of))).toHaveLength(1);
      const [row] = await application.dataSource.query<{ at: Date }[]>(
        `SELECT expires_at AS at FROM ${table} WHERE id = $1`,
        [of],
      );
      expect(told).toMatchObject({ state: 'expired', transition: 'lapse', actor: 'clock', at: row!.at.toISOString() });
    }
    await advance(application, -3_600);
  });

  it('hears of nothing that was rolled back', async () => {
    await subscribe();
    const recipient = 'often@example.com';
    const create = () => otps.post('create', { scope: 'reset_password', method: 'email', recipient });
    let refused;
    do refused = await create();
    while (refused.status === 201);
    expect(refused.status).toBe(429);
    const [{ begun }] = await application.dataSource.query(
      `SELECT count(*)::int AS begun FROM otp WHERE tenant_id = $1`,
      [tenant.id],
    );
    const [{ told }] = await application.dataSource.query(
      `SELECT count(*)::int AS told FROM delivery WHERE tenant_id = $1 AND content->>'type' = 'approval.begun'`,
      [tenant.id],
    );
    expect(told).toBe(begun);
  });

  it('receives at each of its endpoints what that one wants, and nothing at one that is disabled', async () => {
    const other = await registerTenant(application.dataSource);
    const wanted = await Promise.all([
      subscribe(),
      subscribe({ types: ['approval.ended', 'recall.done'] }),
      subscribe({ kinds: ['otp', 'signature'] }),
    ]);
    const unwanted = await Promise.all([
      subscribe({ types: ['approval.begun', 'freeze.ended'] }),
      subscribe({ kinds: ['signature', 'sign-request'] }),
      subscribe({ disabledAt: new Date() }),
      subscribe({}, other.id),
    ]);
    const made = await otps.make();
    await cancelOtp(made);
    const rows = await application.dataSource.query<{ endpoint_id: string }[]>(
      `SELECT endpoint_id FROM delivery WHERE approval_id = $1 AND content->>'type' = 'approval.ended'`,
      [made.id],
    );
    expect(rows.map(({ endpoint_id }) => endpoint_id).sort()).toEqual(wanted.map(({ id }) => id).sort());
    for (const { id } of unwanted.slice(1)) expect(receiver.calls.map(({ path }) => path)).not.toContain(`/${id}`);
  });
});
