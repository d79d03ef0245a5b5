import { createHash } from 'node:crypto';
import { Identifiers } from '../../../src/accounts/people/identifiers';
import { PersonIdentifier } from '../../../src/accounts/people/person-identifier.entity';
import { ApprovalDesk } from '../../support/approval-desk';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { generousThrottles, makeKey } from '../../support/operators';
import { advance, OtpClient } from '../../support/otp-client';
import { alice } from '../../support/portal';
import { PortalVisitor } from '../../support/portal-visitor';
import { createOtp } from '../../support/recalls';
import { fieldsOf } from '../../support/registered';
import { accessToken, TestBackend } from '../../support/signatures';
import { callCancel, initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const mail = 'alice@example.com';
const phone = '+6591234567';

describe('Searching approvals', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: ApprovalDesk;
  let otps: OtpClient;
  let backend: TestBackend;
  let device: TestDevice;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, trustProxy: 'loopback', ...generousThrottles });
  });
  beforeEach(async () => {
    const { dataSource, url } = application;
    tenant = await registerTenant(dataSource);
    desk = new ApprovalDesk(url, tenant.id);
    otps = new OtpClient({ url, nodes: [{ url }] }, tenant);
    backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
    device = await TestDevice.plant(dataSource, url, tenant.id);
  });
  afterEach(() => application.dataSource.query(`UPDATE approval_clock SET advance = interval '0'`));
  afterAll(() => application.close());

  const knowAlice = async () => {
    const texts = { email: mail, telephone: phone, signer: alice.id } as const;
    const identifiers = application.nodes[0]!.app.get(Identifiers);
    const kinds = Object.entries(texts) as [keyof typeof texts, string][];
    const kept = kinds.map(([kind, text]) => identifiers.kept(tenant.id, kind, text)!);
    await application.dataSource.manager.insert(
      PersonIdentifier,
      kept.map((each) => ({ tenantId: tenant.id, userId: 'alice', ...each })),
    );
  };

  /** One that Alice alone may sign and was identified for, a transaction and two OTPs of hers, and two of nobody known. */
  const beginSome = async () => {
    const signer_uin_hash = createHash('sha256').update(alice.id).digest('hex');
    const { request_id: signRequest, signing_url } = await initiate(application.url, tenant.relyingParty, {
      signer_uin_hash,
    });
    await new PortalVisitor(application.url, alice).logIn(signing_url);
    const signature = await backend.started();
    const mailed = await createOtp(otps, mail);
    const texted = await createOtp(otps, phone);
    const unsigned = (await initiate(application.url, tenant.relyingParty)).request_id;
    const foreign = await createOtp(otps);
    return { signRequest, signature, mailed, texted, unsigned, foreign };
  };

  it('lists all kinds, the newest first, with facts and without secrets', async () => {
    const { signRequest, signature, mailed, texted, unsigned, foreign } = await beginSome();
    const { body, text } = await desk.get('').expect(200);
    expect(body.next).toBeNull();
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([
      foreign,
      unsigned,
      texted,
      mailed,
      signature,
      signRequest,
    ]);
    expect(body.items[3]).toMatchObject({
      tenant: tenant.id,
      kind: 'otp',
      state: 'pending',
      begunBy: 'tenant:backend',
      endedAt: null,
      endedBy: null,
      facts: { scope: 'otp_signin', method: 'email', recipient: 'a•••@example.com' },
    });
    expect(body.items[5].facts).toMatchObject({ hasIntendedSigner: true, hasSigner: true });
    for (const secret of [mail, phone, alice.id, 'Lease.pdf', 'Pay 12.50']) expect(text).not.toContain(secret);
    expect(body.items[0]).not.toHaveProperty('position');
  });

  it.each([
    { userId: 'alice' },
    { recipient: 'Alice@Example.com' },
    { recipient: '+65 9123 4567' },
    { signer: alice.id.toLowerCase() },
  ])('by %j finds all of that person, each once', async (query) => {
    await knowAlice();
    const { signRequest, signature, mailed, texted } = await beginSome();
    expect(await desk.ids(query)).toEqual([texted, mailed, signature, signRequest]);
    expect(await desk.ids({ ...query, kind: 'signature' })).toEqual([signature]);
    const other = await registerTenant(application.dataSource);
    expect(await new ApprovalDesk(application.url, other.id).ids(query)).toEqual([]);
  });

  it('by what no user is known by finds what has it', async () => {
    const { signRequest, signature, mailed } = await beginSome();
    expect(await desk.ids({ recipient: mail })).toEqual([mailed]);
    expect(await desk.ids({ signer: alice.id })).toEqual([signRequest]);
    expect(await desk.ids({ userId: 'alice' })).toEqual([signature]);
  });

  it('finds what a relying party or a client began, and what a device was asked for', async () => {
    const { signRequest, signature, unsigned } = await beginSome();
    expect(await desk.ids({ relyingParty: tenant.relyingParty.clientId })).toEqual([unsigned, signRequest]);
    expect(await desk.ids({ relyingParty: 'another' })).toEqual([]);
    expect(await desk.ids({ client: 'backend' })).toEqual([signature]);
    expect(await desk.ids({ client: 'another' })).toEqual([]);
    expect(await desk.ids({ deviceId: device.id })).toEqual([signature]);
    expect(await desk.ids({ deviceId: String(Number(device.id) + 1_000) })).toEqual([]);
    expect(await desk.ids({ deviceId: device.id, kind: 'otp' })).toEqual([]);
    expect(await desk.ids({ relyingParty: tenant.relyingParty.clientId, kind: 'signature' })).toEqual([]);
  });

  it('by state: open, ended, or one by its name, and by who ended it', async () => {
    const { signature, mailed, texted, unsigned, foreign, signRequest } = await beginSome();
    await otps.post('cancel', { id: mailed, scope: 'otp_signin' }).expect(201);
    expect((await callCancel(application.url, tenant.relyingParty, unsigned)).status).toBe(200);
    expect(await desk.ids({ state: 'ended' })).toEqual([unsigned, mailed]);
    expect(await desk.ids({ state: 'cancelled' })).toEqual([unsigned, mailed]);
    expect(await desk.ids({ state: 'cancelled', kind: 'otp' })).toEqual([mailed]);
    expect(await desk.ids({ state: 'open' })).toEqual([foreign, texted, signature, signRequest]);
    expect(await desk.ids({ state: 'waiting' })).toEqual([signature]);
    expect(await desk.ids({ state: 'signing' })).toEqual([]);
    expect(await desk.ids({ endedBy: 'tenant:backend' })).toEqual([mailed]);
    expect(await desk.ids({ endedBy: `relying-party:${tenant.relyingParty.clientId}` })).toEqual([unsigned]);
    expect(await desk.ids({ endedBy: 'tenant:backend', state: 'open' })).toEqual([]);
  });

  it('by when they began', async () => {
    const { mailed, texted } = await beginSome();
    const at = (await desk.find({ recipient: phone }))[0]!.begunAt;
    // Shown to the millisecond, kept to the microsecond.
    const later = new Date(Date.parse(at) + 1).toISOString();
    expect(await desk.ids({ kind: 'otp', recipient: phone, from: at, to: later })).toEqual([texted]);
    expect(await desk.ids({ kind: 'otp', from: later })).not.toContain(texted);
    const before = await desk.ids({ kind: 'otp', to: at });
    expect(before).toContain(mailed);
    expect(before).not.toContain(texted);
  });

  it('shows what is past its time as timed out, before that is written down', async () => {
    const { signRequest, signature, mailed, texted, unsigned, foreign } = await beginSome();
    const all = [foreign, unsigned, texted, mailed, signature, signRequest];
    await advance(application, 3_600);
    const found = await desk.find({ state: 'ended' });
    expect(found.map(({ id }) => id)).toEqual(all);
    for (const each of found)
      expect(each).toMatchObject({ state: 'expired', endedBy: 'clock', endedAt: expect.any(String) });
    expect(await desk.ids({ state: 'open' })).toEqual([]);
    expect(await desk.ids({ state: 'pending' })).toEqual([]);
    expect(await desk.ids({ state: 'expired', kind: 'otp' })).toEqual([foreign, texted, mailed]);
  });

  it('goes by pages without loss or repetition while approvals begin', async () => {
    const begun = [];
    for (let index = 0; index < 4; index += 1) {
      begun.unshift(await createOtp(otps));
      begun.unshift(await backend.started());
      begun.unshift((await initiate(application.url, tenant.relyingParty)).request_id);
    }
    const pages = await desk.pages({}, 5, () => createOtp(otps));
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat().map(({ id }) => id)).toEqual(begun);
  });

  it('goes by pages through those that began at the same instant', async () => {
    const { dataSource } = application;
    const begun = [];
    for (let index = 0; index < 3; index += 1) begun.push(await createOtp(otps), await backend.started());
    for (const table of ['otp', 'signature'])
      await dataSource.query(`UPDATE ${table} SET begun_at = '2025-01-15T10:30:00.000001Z' WHERE tenant_id = $1`, [
        tenant.id,
      ]);
    const pages = await desk.pages({}, 1);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual([...begun].sort().reverse());
  });

  it.each([
    [{ limit: 201 }, 'limit'],
    [{ limit: 0 }, 'limit'],
    [{ kind: 'letter' }, 'kind'],
    [{ state: 'lost' }, 'state'],
    [{ recipient: 'nobody' }, 'recipient'],
    [{ recipient: 'a@' }, 'recipient'],
    [{ signer: '?' }, 'signer'],
    [{ deviceId: 'one' }, 'deviceId'],
    [{ from: 'yesterday' }, 'from'],
    [{ userId: 'alice', client: 'backend' }, 'client'],
    [{ relyingParty: 'one', endedBy: 'clock' }, 'endedBy'],
    [{ userId: ['alice', 'bob'] }, 'userId'],
    [{ after: 'x' }, 'after'],
    [{ after: '!' }, 'after'],
    [{ after: Buffer.from('["2025-02-30T10:30:00.000000Z","x","otp"]').toString('base64url') }, 'after'],
    [{ after: Buffer.from('["2025-01-15T10:30:00.000000Z","\\u0000","otp"]').toString('base64url') }, 'after'],
    [{ tenant: 'No Tenant' }, 'tenant'],
  ])('refuses %j', async (query, field) => {
    const { body } = await desk
      .get('', query)
      .expect(400)
      .expect('content-type', /problem\+json/);
    expect(fieldsOf({ body })).toEqual([field]);
  });

  it('says why filters do not go together', async () => {
    const { body } = await desk.get('', { userId: 'alice', client: 'backend' }).expect(400);
    expect(JSON.stringify(body)).toContain('there is no index over client and userId');
  });

  it('is for every role, within its tenants', async () => {
    const { mailed } = await beginSome();
    for (const role of ['viewer', 'support'] as const) {
      const token = await makeKey(application.url, role, [tenant.id]);
      expect(await new ApprovalDesk(application.url, tenant.id, token).ids({ recipient: mail })).toEqual([mailed]);
      const elsewhere = await makeKey(application.url, role, ['elsewhere']);
      await new ApprovalDesk(application.url, tenant.id, elsewhere).get('', { recipient: mail }).expect(404);
    }
  });
});
