import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { beginMany } from '../../support/many-otps';
import { OtpClient } from '../../support/otp-client';
import { createOtp, lastRow, RecallDesk } from '../../support/recalls';
import { accessToken, TestBackend } from '../../support/signatures';
import { initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

jest.setTimeout(60_000);

describe('A recall of a wide target', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 'loopback' }, 2);
  });
  beforeEach(async () => {
    const { dataSource, url } = application;
    tenant = await registerTenant(dataSource);
    desk = new RecallDesk(application.nodes[1]!.url, tenant);
    otps = new OtpClient(application, tenant);
    backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
  });
  afterAll(() => application.close());

  const finished = async (target: object, more: object = {}) => {
    const { body } = await desk.post({ target, ...more }).expect(202);
    expect(body).toMatchObject({ state: 'running', target, endedAt: null, approvals: null });
    return whenOver(body.id);
  };
  const whenOver = (id: string) =>
    eventually(async () => {
      const { body } = await desk.get(`/${id}`).expect(200);
      return body.state !== 'running' && body;
    });
  const progress = (signRequests: number | null, signatures: number | null, otpCount: number | null) =>
    Object.entries({ 'sign-request': signRequests, signature: signatures, otp: otpCount }).flatMap(([kind, done]) =>
      done === null ? [] : [{ kind, total: done, done }],
    );
  const stateOf = async (id: string) => (await lastRow(application.dataSource, id))?.to;

  const beginEach = async () => {
    const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    const { request_id: signRequest } = await initiate(application.url, tenant.relyingParty);
    const signature = await backend.started();
    const otp = await createOtp(otps);
    return { device, signRequest, signature, otp };
  };

  it('that is a tenant ends all that is pending in it', async () => {
    const { signRequest, signature, otp } = await beginEach();
    const other = new OtpClient(application, await registerTenant(application.dataSource));
    const theirs = await createOtp(other);
    expect(await finished({ tenant: true }, { reason: 'Its token leaked.' })).toMatchObject({
      state: 'done',
      endedAt: expect.any(String),
      progress: progress(1, 1, 1),
    });
    for (const id of [signRequest, signature, otp])
      expect(await lastRow(application.dataSource, id)).toMatchObject({
        move: 'cancel',
        actor: 'admin',
        reason: 'Its token leaked.',
      });
    expect(await stateOf(theirs)).toBe('pending');
  });

  it('that is a relying party ends what it has asked for', async () => {
    const { signRequest, signature, otp } = await beginEach();
    const { clientId: relyingParty } = tenant.relyingParty;
    expect(await finished({ relyingParty })).toMatchObject({ progress: progress(1, null, null) });
    expect(await Promise.all([signRequest, signature, otp].map(stateOf))).toEqual(['cancelled', 'waiting', 'pending']);
  });

  it('that is a client ends what it has begun', async () => {
    const { signRequest, signature, otp } = await beginEach();
    expect(await finished({ client: 'backend' })).toMatchObject({ progress: progress(0, 1, 0) });
    expect(await Promise.all([signRequest, signature, otp].map(stateOf))).toEqual(['pending', 'cancelled', 'pending']);
  });

  it('that is a device ends what it has or may fetch', async () => {
    const { device, signature } = await beginEach();
    const fetched = await backend.started();
    await device.fetch();
    const other = await TestDevice.plant(application.dataSource, application.url, tenant.id, 'alice');
    const elsewhere = await backend.started({ deviceId: [other.id] });
    expect(await finished({ device: device.id })).toMatchObject({ progress: progress(null, 2, null) });
    expect(await Promise.all([signature, fetched, elsewhere].map(stateOf))).toEqual([
      'cancelled',
      'cancelled',
      'waiting',
    ]);
  });

  it('that nothing is known of ends nothing', async () => {
    for (const target of [{ relyingParty: 'unknown' }, { client: 'unknown' }, { device: '99999' }])
      expect((await finished(target)).progress.every(({ total }: { total: number }) => total === 0)).toBe(true);
  });

  it('may be a dry run, which counts', async () => {
    const { otp } = await beginEach();
    const { body } = await desk.post({ target: { tenant: true }, dryRun: true }).expect(200);
    const nothingDone = progress(1, 1, 1).map((each) => ({ ...each, done: 0 }));
    expect(body).toMatchObject({ id: null, state: 'done', approvals: null, progress: nothingDone });
    expect(await stateOf(otp)).toBe('pending');
  });

  it('ends nothing that begins after it', async () => {
    await beginMany(application.dataSource, tenant.id, 1_000);
    const { body } = await desk.post({ target: { tenant: true } }).expect(202);
    const later = await createOtp(otps);
    expect(await whenOver(body.id)).toMatchObject({ progress: progress(0, 0, 1_000) });
    expect(await stateOf(later)).toBe('pending');
  });

  it('can be stopped; what it has ended stays so', async () => {
    await beginMany(application.dataSource, tenant.id, 5_000);
    const { body } = await desk.post({ target: { tenant: true } }).expect(202);
    await eventually(async () => {
      const { progress: reached } = (await desk.get(`/${body.id}`).expect(200)).body;
      return reached.some(({ done }: { done: number }) => done > 0);
    });
    await desk.cancel(body.id).expect(204);
    const stopped = (await desk.get(`/${body.id}`).expect(200)).body;
    const { done } = stopped.progress.find(({ kind }: { kind: string }) => kind === 'otp');
    expect(stopped).toMatchObject({ state: 'cancelled', endedAt: expect.any(String) });
    expect(done).toBeLessThan(5_000);
    await finished({ client: 'nobody' });
    const [{ count }] = await application.dataSource.query(
      `SELECT count(*)::int FROM otp WHERE tenant_id = $1 AND status = 'cancelled'`,
      [tenant.id],
    );
    expect(count).toBe(done);
    expect((await desk.cancel(body.id).expect(409)).body.code).toBe('RECALL_OVER');
  });

  it('runs beside another, and neither waits for the other to be over', async () => {
    await beginMany(application.dataSource, tenant.id, 3_000);
    const long = (await desk.post({ target: { tenant: true } }).expect(202)).body.id;
    const other = await registerTenant(application.dataSource);
    const short = (await new RecallDesk(application.url, other).post({ target: { tenant: true } }).expect(202)).body.id;
    const one = await whenOver(short);
    const two = await whenOver(long);
    expect(Date.parse(one.endedAt)).toBeLessThan(Date.parse(two.endedAt));
  });
});
