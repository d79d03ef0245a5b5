import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { Identifiers } from '../../src/accounts/people/identifiers';
import { People } from '../../src/accounts/people/people';
import { type Target } from '../../src/approvals/finding';
import { Freezes } from '../../src/approvals/freezes';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { carol, carolsUinHash, freeze, personOf } from '../support/freezes';
import { advance, behindProxy, OtpClient } from '../support/otp-client';
import { PortalVisitor } from '../support/portal-visitor';
import { Receiver } from '../support/receiver';
import { callInitiate, initiate } from '../support/sign-requests';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { Subscriber } from '../support/subscriber';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

const message = 'Nothing new may begin here at present';

describe('A freeze', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let otps: OtpClient;
  let backend: TestBackend;
  let device: TestDevice;
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, sandbox: true, allowPrivateTargets: true }, 2);
    receiver = await Receiver.open();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    otps = new OtpClient(application, tenant);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    await request(application.url)
      .post(`/admin/v1/tenants/${tenant.id}/users`)
      .auth(testAdminToken, { type: 'bearer' })
      .send(carol)
      .expect(201);
    device = await TestDevice.plant(application.dataSource, application.url, tenant.id, 'carol');
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const beginFreeze = (target: Target, seconds?: number) => freeze(application.nodes[1]!, tenant.id, target, seconds);
  const person = (by: keyof typeof carol) => personOf(application.nodes[1]!, tenant.id, by);
  const createOtp = (input: object, headers?: Readonly<Record<string, string>>) =>
    otps.post('create', { scope: 'otp_signin', method: 'email', recipient: carol.email, ...input }, headers);
  const rowsOf = async (table: string): Promise<number> => {
    const [{ count }] = await application.dataSource.query<[{ count: number }]>(
      `SELECT count(*)::int AS count FROM ${table} WHERE tenant_id = $1`,
      [tenant.id],
    );
    return count;
  };

  /** Everything that may begin, and whether it is refused. */
  const beginnings: Record<string, () => Promise<{ status: number }>> = {
    'an OTP to her e-mail': () => createOtp({}),
    'an OTP to her telephone': () => createOtp({ method: 'sms', recipient: carol.telephone }),
    'an OTP to another': () => createOtp({ recipient: 'dave@example.com' }),
    'a transaction of hers': () => backend.start(startBody(), 'carol'),
    'a transaction of another': () => backend.start(startBody(), 'alice'),
    'a request for her signature': () =>
      callInitiate(application.url, tenant.relyingParty, { signer_uin_hash: carolsUinHash }),
    'a request for any signature': () => callInitiate(application.url, tenant.relyingParty),
  };
  const hers = [
    'an OTP to her e-mail',
    'an OTP to her telephone',
    'a transaction of hers',
    'a request for her signature',
  ];
  const requests = ['a request for her signature', 'a request for any signature'];
  const transactions = ['a transaction of hers', 'a transaction of another'];

  const targets: [string, () => Target | Promise<Target>, string[]][] = [
    ['a user', () => person('userId'), hers],
    ['who has an e-mail address', () => person('email'), hers],
    ['who has a telephone number', () => person('telephone'), hers],
    ['a signer', () => person('signer'), hers],
    ['a relying party', () => ({ relyingParty: tenant.relyingParty.clientId }), requests],
    ['a client', () => ({ client: tenant.oauthClient.clientId }), transactions],
    ['a device', () => ({ device: device.id }), ['a transaction of hers']],
    ['a tenant', () => ({ tenant: true }), Object.keys(beginnings)],
  ];
  it.each(targets)('of %s has nothing of theirs begin, and stops no one else', async (_, target, refused) => {
    await beginFreeze(await target());
    const found = [];
    for (const [name, begin] of Object.entries(beginnings)) {
      const { status } = await begin();
      expect([200, 201, 403]).toContain(status);
      if (status === 403) found.push(name);
    }
    expect(found.sort()).toEqual([...refused].sort());
    const kept = (await rowsOf('otp')) + (await rowsOf('signature')) + (await rowsOf('sign_request'));
    expect(kept).toBe(Object.keys(beginnings).length - refused.length);
    expect(await rowsOf('sign_document')).toBe(await rowsOf('sign_request'));
  });

  it('of an identifier that no user has, holds for that alone', async () => {
    const kept = application.nodes[0]!.app.get(Identifiers).kept(tenant.id, 'email', 'dave@example.com')!;
    await beginFreeze({ person: await application.nodes[0]!.app.get(People).keysOf(tenant.id, kept) });
    await createOtp({ recipient: 'dave@example.com' }).expect(403);
    await createOtp({}).expect(201);
  });

  it('is refused in each vendor’s own words', async () => {
    await beginFreeze({ tenant: true });
    const otp = await createOtp({}).expect(403);
    expect(otp.body).toEqual({ meta: expect.any(Object), error: { message, code: 'FORBIDDEN', status: 403 } });
    const started = await backend.start(startBody(), 'carol').expect(403);
    expect(started.body).toEqual({ subSystem: 5, status: 'FORBIDDEN', message });
    const { status, body } = await callInitiate(application.url, tenant.relyingParty);
    expect({ status, body }).toEqual({ status: 403, body: { error: 'FORBIDDEN', error_description: message } });
  });

  it('is noticed before an earlier OTP gives way, a message is queued, or a quota is counted', async () => {
    const { body } = await createOtp({}).expect(201);
    const counted = () =>
      application.dataSource.query(`SELECT hits FROM rate_limit WHERE key = $1`, [`otp-tenant:${tenant.id}`]);
    const before = [await counted(), await rowsOf('delivery')];
    const { id } = await beginFreeze(await person('email'));
    await createOtp({}).expect(403);
    expect([await counted(), await rowsOf('delivery')]).toEqual(before);
    const status = await otps.status(body.data.id, 'otp_signin').expect(201);
    expect(status.body.data.status).toBe('pending');
    await application.nodes[0]!.app.get(Freezes).lift(id, null, 'operator:eve');
    await createOtp({}).expect(201);
  });

  it('lets a repeated call have its first answer: it begins nothing', async () => {
    const started = startBody();
    await backend.start(started, 'carol').expect(200);
    const key = { 'Idempotency-Key': `"${randomUUID()}"` };
    const created = await createOtp({}, key).expect(201);
    await beginFreeze({ tenant: true });
    await backend.start(started, 'carol').expect(200);
    await backend.start({ ...started, signatureMessage: 'Another' }, 'carol').expect(403);
    expect((await createOtp({}, key).expect(201)).body.data).toEqual(created.body.data);
  });

  it('of a person who is known only at the portal: nothing can be signed now, and later it can', async () => {
    const { signing_url } = await initiate(application.url, tenant.relyingParty);
    const signer = () => new PortalVisitor(application.url, { name: 'Carol', id: carol.signer });
    const { id } = await beginFreeze(await person('userId'));
    const refused = await signer().logIn(signing_url);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Nothing can be signed now');
    const [stored] = await application.dataSource.query('SELECT signer FROM sign_request WHERE tenant_id = $1', [
      tenant.id,
    ]);
    expect(stored).toEqual({ signer: null });
    await application.nodes[0]!.app.get(Freezes).lift(id, [tenant.id], 'operator:eve');
    expect((await signer().logIn(signing_url)).title).toBe('Read before you sign');
  });

  it('ends by itself, or is lifted by those who see the tenant', async () => {
    const freezes = application.nodes[0]!.app.get(Freezes);
    const inForce = () => freezes.list({ tenants: [tenant.id], inForce: true, after: null, limit: 10 });
    const long = await beginFreeze({ client: 'backend' });
    const short = await beginFreeze(await person('email'), 30);
    expect(short).toMatchObject({ tenantId: tenant.id, actor: 'operator:eve', reason: 'a telephone call' });
    expect(short.subjects).toContain('user:carol');
    expect((await inForce()).map(({ id }) => id)).toEqual([short.id, long.id]);
    expect(await freezes.lift(long.id, ['another'], 'operator:dan')).toBeUndefined();
    expect(await freezes.lift(long.id, [tenant.id], 'operator:dan')).toMatchObject({ endedBy: 'operator:dan' });
    expect(await freezes.lift(long.id, [tenant.id], 'operator:dan')).toBeUndefined();
    await advance(application, 31);
    expect(await inForce()).toEqual([]);
    expect(await freezes.find(short.id)).toMatchObject({ endedBy: 'clock', endedAt: short.endsAt });
    await createOtp({}).expect(201);
  });

  it('is announced to the tenant when it begins and ends, also by itself', async () => {
    const subscriber = await Subscriber.subscribe(application.nodes[0]!, receiver, tenant.id, {
      types: ['freeze.begun', 'freeze.ended'],
    });
    const { id } = await beginFreeze({ tenant: true }, 5);
    await advance(application, 6);
    await request(application.url).post('/sandbox/clock').send({ offsetSeconds: 20 }).expect(200);
    const told = (await subscriber.events(2)).sort((a, b) => a.type.localeCompare(b.type));
    expect(told).toMatchObject([
      { type: 'freeze.begun', data: { id, actor: 'operator:eve', reason: 'a telephone call' } },
      { type: 'freeze.ended', data: { id, actor: 'clock' } },
    ]);
  });

  it('races with beginnings on two nodes: what began is older, what came later was refused', async () => {
    const [one, other] = application.nodes.map(({ url }) => url) as [string, string];
    const elsewhere = new TestBackend(other, tenant.id, backend.token);
    for (let round = 0; round < 25; round += 1) {
      const recipient = `${randomUUID()}@example.com`;
      const [begun] = await Promise.all([
        beginFreeze(round % 2 === 0 ? await person('userId') : { tenant: true }),
        backend.start(startBody(), 'carol'),
        elsewhere.start(startBody(), 'carol'),
        createOtp({ recipient: round % 2 === 0 ? carol.email : recipient }),
        callInitiate(one, tenant.relyingParty, { signer_uin_hash: carolsUinHash }),
      ]);
      const late = await application.dataSource.query(
        `SELECT id FROM (
           SELECT id, tenant_id, begun_at FROM otp UNION ALL SELECT id, tenant_id, begun_at FROM signature
           UNION ALL SELECT id, tenant_id, begun_at FROM sign_request
         ) AS approval WHERE tenant_id = $1 AND begun_at > (SELECT begun_at FROM approval_freeze WHERE id = $2)`,
        [tenant.id, begun.id],
      );
      expect(late).toEqual([]);
      await application.nodes[0]!.app.get(Freezes).lift(begun.id, null, 'operator:eve');
    }
  });
});
