import { randomUUID } from 'node:crypto';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { generousThrottles, makeKey } from '../../support/operators';
import { OtpClient } from '../../support/otp-client';
import { createOtp, lastRow, RecallDesk } from '../../support/recalls';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('An order to recall', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  beforeAll(async () => {
    application = await openApplication({ trustProxy: 'loopback', ...generousThrottles }, 2);
    tenant = await registerTenant(application.dataSource);
    desk = new RecallDesk(application.url, tenant);
    otps = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const counted = async (table: string) => {
    const [found] = await application.dataSource.query<{ count: number }[]>(`SELECT count(*)::int FROM ${table}`);
    return found!.count;
  };
  const newRecipient = () => `${randomUUID()}@example.com`;

  it('says who recalled what, when and why, then and later', async () => {
    const email = newRecipient();
    const id = await createOtp(otps, email);
    const { body } = await desk.post({ target: { person: { email } }, reason: 'Lost her telephone.' }).expect(200);
    const masked = `${email.slice(0, 1)}•••@example.com`;
    expect(body).toEqual({
      id: expect.any(String),
      tenant: tenant.id,
      target: { person: { email: masked } },
      kinds: ['sign-request', 'signature', 'otp'],
      reason: 'Lost her telephone.',
      actor: 'admin',
      state: 'done',
      begunAt: expect.any(String),
      endedAt: expect.any(String),
      progress: [
        { kind: 'sign-request', total: 0, done: 0 },
        { kind: 'signature', total: 0, done: 0 },
        { kind: 'otp', total: 1, done: 1 },
      ],
      approvals: [{ kind: 'otp', id, before: 'pending', after: 'cancelled', ended: true, at: expect.any(String) }],
    });
    expect(JSON.stringify(await application.dataSource.query('SELECT * FROM recall'))).not.toContain(email);
    expect((await new RecallDesk(application.nodes[1]!.url, tenant).get(`/${body.id}`).expect(200)).body).toEqual(body);
    const listed = { ...body, approvals: undefined };
    const { items } = (await desk.get(`?tenant=${tenant.id}`).expect(200)).body;
    expect(items.find((each: { id: string }) => each.id === body.id)).toEqual(listed);
  });

  it('may be a dry run: the same answer, and nothing is written', async () => {
    const email = newRecipient();
    const target = { person: { email } };
    const id = await createOtp(otps, email);
    await createOtp(otps, email);
    const before = [await counted('recall'), await counted('history')];
    const dry = await desk.post({ target, dryRun: true }, { 'Idempotency-Key': 'dry' }).expect(200);
    expect([await counted('recall'), await counted('history')]).toEqual(before);
    expect(dry.body).toMatchObject({ id: null, state: 'done' });
    const { body } = await desk.post({ target }, { 'Idempotency-Key': 'dry' }).expect(200);
    const untimed = (approvals: { at: string }[]) => approvals.map((each) => ({ ...each, at: undefined }));
    expect(untimed(dry.body.approvals)).toEqual(untimed(body.approvals));
    expect(dry.body.progress).toEqual(body.progress);
    const missing = { approval: { kind: 'otp', id: randomUUID() } };
    expect((await desk.post({ target: missing, dryRun: true }).expect(404)).body.code).toBe('APPROVAL_NOT_FOUND');
    const again = await desk.post({ target: { approval: { kind: 'otp', id } }, dryRun: true }).expect(200);
    expect(again.body.approvals).toMatchObject([{ before: 'cancelled', ended: false }]);
  });

  describe('with an idempotency key', () => {
    it('that comes again is given the first answer, and ends nothing more', async () => {
      const email = newRecipient();
      const order = { target: { person: { email } } };
      const key = { 'Idempotency-Key': randomUUID() };
      await createOtp(otps, email);
      const first = await desk.post(order, key).expect(200);
      const later = await createOtp(otps, email);
      const spelledOtherwise = { target: { person: { email: email.toUpperCase() } } };
      const second = await new RecallDesk(application.nodes[1]!.url, tenant).post(spelledOtherwise, key).expect(200);
      expect(second.body).toEqual(first.body);
      expect(await lastRow(application.dataSource, later)).toMatchObject({ move: 'begin' });
    });

    it('that came with another body is refused', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      const target = { person: { email: newRecipient() } };
      await desk.post({ target }, key).expect(200);
      for (const other of [{ target: { tenant: true } }, { target, reason: 'other' }, { target, kinds: ['otp'] }])
        expect((await desk.post(other, key).expect(422)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
      await desk.post({ target }, { 'Idempotency-Key': 'ü' }).expect(400);
    });

    it('that comes several times at once makes one recall', async () => {
      const email = newRecipient();
      const order = { target: { person: { email } } };
      const key = { 'Idempotency-Key': randomUUID() };
      await createOtp(otps, email);
      const before = await counted('recall');
      const desks = application.nodes.map(({ url }) => new RecallDesk(url, tenant));
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => desks[index % desks.length]!.post(order, key)),
      );
      expect(await counted('recall')).toBe(before + 1);
      const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.id);
      expect(new Set(ids).size).toBe(1);
      for (const { status, body } of answers)
        if (status !== 200) expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE']);
    });

    it('is the operator’s own', async () => {
      const key = { 'Idempotency-Key': randomUUID() };
      const other = new RecallDesk(application.url, tenant, await makeKey(application.url, 'support', [tenant.id]));
      const order = { target: { person: { email: newRecipient() } } };
      const [one, two] = [await desk.post(order, key).expect(200), await other.post(order, key).expect(200)];
      expect(one.body.id).not.toBe(two.body.id);
      expect(two.body.actor).toMatch(/^key:/);
    });
  });

  it.each([
    [{}, 'target'],
    [{ target: {} }, 'target'],
    [{ target: 'alice' }, 'target'],
    [{ target: [] }, 'target'],
    [{ target: { person: { userId: 'alice' }, tenant: true } }, 'target'],
    [{ target: { tenant: false } }, 'target.tenant'],
    [{ target: { person: {} } }, 'target.person'],
    [{ target: { person: { userId: 'alice', email: 'a@example.com' } } }, 'target.person'],
    [{ target: { person: { email: 'no address' } } }, 'target.person.email'],
    [{ target: { person: { telephone: '12' } } }, 'target.person.telephone'],
    [{ target: { person: { signer: '!' } } }, 'target.person.signer'],
    [{ target: { device: 'none' } }, 'target.device'],
    [{ target: { approval: { kind: 'otp' } } }, 'target.approval.id'],
    [{ target: { approval: { kind: 'otp', id: '1' } }, kinds: ['otp'] }, 'kinds'],
    [{ target: { approval: { kind: 'otp', id: '1' } }, freezeSeconds: 60 }, 'freezeSeconds'],
    [{ target: { tenant: true }, freezeSeconds: 0 }, 'freezeSeconds'],
    [{ target: { tenant: true }, freezeSeconds: 31_536_001 }, 'freezeSeconds'],
    [{ target: { tenant: true }, kinds: [] }, 'kinds'],
    [{ target: { tenant: true }, kinds: ['visit'] }, 'kinds'],
    [{ target: { tenant: true }, reason: '' }, 'reason'],
    [{ target: { tenant: true }, reason: 'two\nlines' }, 'reason'],
    [{ target: { tenant: true }, reason: 'a'.repeat(501) }, 'reason'],
    [{ target: { tenant: true }, dryRun: 'yes' }, 'dryRun'],
  ])('is refused as %j', async (order, field) => {
    const { body } = await desk.post(order).expect(400);
    expect(body.errors.map((each: { field: string }) => each.field)).toEqual([field]);
    expect(await counted('recall')).toBeGreaterThan(0);
  });

  it('is of an operator’s own tenants, and needs the role support', async () => {
    const other = await registerTenant(application.dataSource);
    const { body } = await desk.post({ target: { person: { userId: 'alice' } } }).expect(200);
    const key = (role: 'viewer' | 'support') => makeKey(application.url, role, [other.id]);
    const stranger = new RecallDesk(application.url, tenant, await key('support'));
    expect((await stranger.post({ target: { tenant: true } }).expect(404)).body.code).toBe('TENANT_NOT_FOUND');
    expect((await stranger.get(`/${body.id}`).expect(404)).body.code).toBe('NOT_FOUND');
    expect((await stranger.cancel(body.id).expect(404)).body.code).toBe('NOT_FOUND');
    expect((await stranger.get('').expect(200)).body.items).toEqual([]);
    const viewer = new RecallDesk(application.url, other, await key('viewer'));
    expect((await viewer.post({ target: { tenant: true } }).expect(403)).body.code).toBe('ROLE_TOO_LOW');
    expect((await desk.cancel(body.id).expect(409)).body.code).toBe('RECALL_OVER');
  });

  it('is listed in pages, newest first', async () => {
    const own = await registerTenant(application.dataSource);
    const orders = new RecallDesk(application.url, own);
    const made: string[] = [];
    for (let index = 0; index < 3; index += 1)
      made.unshift((await orders.post({ target: { person: { userId: 'alice' } } }).expect(200)).body.id);
    const first = (await orders.get(`?tenant=${own.id}&limit=2`).expect(200)).body;
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 2));
    const last = (await orders.get(`?tenant=${own.id}&limit=2&after=${first.next}`).expect(200)).body;
    expect(last).toMatchObject({ items: [{ id: made[2] }], next: null });
  });
});
