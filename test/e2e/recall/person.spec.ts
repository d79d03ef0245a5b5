import { randomUUID } from 'node:crypto';
import { Identifiers } from '../../../src/accounts/people/identifiers';
import { PersonIdentifier } from '../../../src/accounts/people/person-identifier.entity';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { OtpClient } from '../../support/otp-client';
import { alice, bob } from '../../support/portal';
import { phoneIn, PortalVisitor } from '../../support/portal-visitor';
import { createOtp, lastRow, RecallDesk, type ToldApproval } from '../../support/recalls';
import { accessToken, TestBackend } from '../../support/signatures';
import { initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('A recall of a person', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let desk: RecallDesk;
  let otps: OtpClient;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, trustProxy: 'loopback' }, 2);
  });
  beforeEach(async () => {
    const { dataSource, url } = application;
    tenant = await registerTenant(dataSource);
    desk = new RecallDesk(application.nodes[1]!.url, tenant);
    otps = new OtpClient({ url, nodes: [{ url }] }, tenant);
    backend = new TestBackend(url, tenant.id, await accessToken(url, tenant));
  });
  afterAll(() => application.close());

  const mail = 'alice@example.com';
  const phone = '+6591234567';
  const knownAs = async (identifiers: Readonly<Record<'email' | 'telephone' | 'signer', string>>) => {
    const kinds = Object.entries(identifiers) as [keyof typeof identifiers, string][];
    const kept = kinds.map(([kind, text]) => application.nodes[0]!.app.get(Identifiers).kept(tenant.id, kind, text)!);
    await application.dataSource.manager.insert(
      PersonIdentifier,
      kept.map((each) => ({ tenantId: tenant.id, userId: 'alice', ...each })),
    );
  };
  const idsOf = (met: readonly ToldApproval[]) => met.map(({ id }) => id).sort();

  /** An approval of each kind that is Alice's. */
  const beginThree = async () => {
    const { request_id: signRequest, signing_url: page } = await initiate(application.url, tenant.relyingParty);
    const visitor = new PortalVisitor(application.url, alice);
    const shown = await visitor.logIn(page);
    const mailed = await createOtp(otps, mail);
    const texted = await createOtp(otps, phone);
    const signature = await backend.started();
    return { signRequest, signature, mailed, texted, visitor, page, shown };
  };

  it.each([
    { userId: 'alice' },
    { email: 'Alice@Example.com ' },
    { telephone: '+65 9123 4567' },
    { signer: alice.id.toLowerCase() },
  ])('named %j ends what is pending of all kinds, and nothing of others', async (person) => {
    await knownAs({ email: mail, telephone: phone, signer: alice.id });
    const { signRequest, signature, mailed, texted } = await beginThree();
    const others = [await createOtp(otps), (await initiate(application.url, tenant.relyingParty)).request_id];
    const met = await desk.recall({ person });
    expect(idsOf(met)).toEqual([signRequest, signature, mailed, texted].sort());
    expect(met.every(({ ended, after }) => ended && after === 'cancelled')).toBe(true);
    expect(new Set(met.map(({ at }) => at)).size).toBeLessThanOrEqual(4);
    for (const id of others) expect(await lastRow(application.dataSource, id)).not.toMatchObject({ to: 'cancelled' });
  });

  it('that no user is registered for ends what is found by the identifier alone', async () => {
    const { signRequest, signature, mailed, texted } = await beginThree();
    expect(idsOf(await desk.recall({ person: { email: mail } }))).toEqual([mailed]);
    expect(idsOf(await desk.recall({ person: { telephone: phone } }))).toEqual([texted]);
    expect(idsOf(await desk.recall({ person: { signer: alice.id } }))).toEqual([signRequest]);
    expect(idsOf(await desk.recall({ person: { userId: 'alice' } }))).toEqual([signature]);
    expect(await desk.recall({ person: { email: 'unknown@example.com' } })).toEqual([]);
  });

  it('shows Cancelled in the portal and on the phone at once, with an open session', async () => {
    const { signRequest, visitor, page, shown } = await beginThree();
    const phonePage = phoneIn(await visitor.press(page, shown, 'proceed'));
    const onPhone = await visitor.logIn(phonePage);
    const [, seen] = /data-seen="([^"]*)"/.exec(onPhone.text)!;
    const path = `${new URL(phonePage, application.url).pathname}/changes?seen=${seen!}`;
    const noticed = fetch(application.url + path).then(({ status }) => ({ status, at: performance.now() }));
    const since = performance.now();
    expect(await desk.recall({ person: { signer: alice.id } })).toMatchObject([{ id: signRequest, before: 'signing' }]);
    const { status, at } = await noticed;
    expect(status).toBe(204);
    expect(at - since).toBeLessThan(1_000);
    for (const address of [page, phonePage]) expect((await visitor.open(address)).title).toBe('Cancelled');
    expect((await visitor.press(phonePage, onPhone, 'approve')).title).toBe('Cancelled');
    expect(await lastRow(application.dataSource, signRequest)).toMatchObject({ move: 'cancel', from: 'signing' });
  });

  it('ends what the person alone may sign before anyone is identified, and not what another was identified for', async () => {
    await knownAs({ email: mail, telephone: phone, signer: alice.id });
    const hash = '4fc6ab4ea87ad8ad3fa82ad5d8a6ef4d3d7ee7b8a5f0e2e6d0ed9be0d1c1f0aa';
    const intended = await initiate(application.url, tenant.relyingParty, { signer_uin_hash: hash });
    const { request_id: bobs, signing_url: page } = await initiate(application.url, tenant.relyingParty);
    await new PortalVisitor(application.url, bob).logIn(page);
    expect(idsOf(await desk.recall({ person: { userId: 'alice' } }))).toEqual([]);
    expect(await lastRow(application.dataSource, intended.request_id)).toMatchObject({ to: 'pending' });
    expect(idsOf(await desk.recall({ person: { signer: bob.id } }))).toEqual([bobs]);
  });

  it('answers the 20 last of each kind that had ended already', async () => {
    await application.dataSource.query(
      `UPDATE otp_config SET settings = '{"createsPerRecipientPerHour": 100}' WHERE tenant_id = $1`,
      [tenant.id],
    );
    const made: string[] = [];
    for (let index = 0; index < 22; index += 1) made.push(await createOtp(otps, mail));
    const met = await desk.recall({ person: { email: mail } });
    expect(met).toHaveLength(21);
    expect(met[0]).toMatchObject({ id: made.at(-1), before: 'pending', ended: true });
    expect(met.slice(1).map(({ id }) => id)).toEqual(made.slice(1, 21).reverse());
    expect(met.slice(1).every(({ before, ended, at }) => before === 'cancelled' && !ended && at !== null)).toBe(true);
  });

  it('is limited to the kinds that it names', async () => {
    await knownAs({ email: mail, telephone: phone, signer: alice.id });
    const { signRequest, signature, mailed } = await beginThree();
    const met = await desk.recall({ person: { email: mail } }, { kinds: ['signature', 'sign-request'] });
    expect(idsOf(met)).toEqual([signRequest, signature].sort());
    expect(await lastRow(application.dataSource, mailed)).toMatchObject({ move: 'begin' });
  });

  it('is of one tenant', async () => {
    const { mailed } = await beginThree();
    const other = await registerTenant(application.dataSource);
    expect(await new RecallDesk(application.url, other).recall({ person: { email: mail } })).toEqual([]);
    expect(await lastRow(application.dataSource, mailed)).toMatchObject({ move: 'begin' });
    await new RecallDesk(application.url, { id: randomUUID() })
      .post({ target: { person: { email: mail } } })
      .expect(404);
  });
});
