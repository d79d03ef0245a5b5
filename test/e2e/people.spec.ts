import { createHash } from 'node:crypto';
import request from 'supertest';
import { Identifiers } from '../../src/accounts/people/identifiers';
import { People } from '../../src/accounts/people/people';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { behindProxy, OtpClient } from '../support/otp-client';
import { accessToken, TestBackend } from '../support/signatures';
import { initiate } from '../support/sign-requests';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

const carol = { userId: 'carol', email: 'Carol@Example.com', telephone: '+65 9123 4567', signer: 's1234567d' };
const masked = { email: 'c•••@example.com', telephone: '•••4567', signer: '•••567D' };

describe('A person', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, sandbox: true });
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'post' | 'patch' | 'delete', path = '', tenantId = tenant.id) => {
    const url = `/admin/v1/tenants/${tenantId}/users${path}`;
    return request(application.url)[method](url).auth(testAdminToken, { type: 'bearer' });
  };
  const register = (user: object = carol, tenantId = tenant.id) => call('post', '', tenantId).send(user);
  const rowsOf = (userId: string): Promise<{ kind: string; masked: string }[]> =>
    application.dataSource.query(
      'SELECT * FROM person_identifier WHERE tenant_id = $1 AND user_id = $2 ORDER BY kind',
      [tenant.id, userId],
    );
  const keptOf = (kind: 'email' | 'telephone' | 'signer', text: string) =>
    application.nodes[0]!.app.get(Identifiers).kept(tenant.id, kind, text)!;

  it('is registered with what they are known by, which is shown masked and never kept in clear', async () => {
    const shown = { tenantId: tenant.id, userId: 'carol', displayName: null, ...masked, createdAt: expect.any(String) };
    expect((await register().expect(201)).body).toEqual(shown);
    expect((await call('get', '/carol').expect(200)).body).toEqual(shown);
    const { body } = await call('get').expect(200);
    expect(body.items.map(({ email }: { email: string | null }) => email)).toEqual([null, masked.email]);
    const rows = JSON.stringify(await rowsOf('carol'));
    for (const secret of ['carol@', '91234567', 'S1234567D']) expect(rows).not.toContain(secret);
  });

  it('is changed in place: what is given is replaced, null takes away, the rest stays', async () => {
    await register().expect(201);
    const { body } = await call('patch', '/carol').send({ displayName: 'Carol', email: 'c@example.org', signer: null });
    expect(body).toMatchObject({ displayName: 'Carol', email: 'c•••@example.org', telephone: '•••4567', signer: null });
    expect((await rowsOf('carol')).map(({ kind }) => kind)).toEqual(['email', 'telephone']);
    expect((await call('patch', '/carol').send({ displayName: null })).body).toMatchObject({
      displayName: null,
      email: 'c•••@example.org',
    });
    await call('patch', '/nobody').send({ email: 'n@example.org' }).expect(404);
  });

  it('shares no identifier with another user of the tenant, and may with one of another tenant', async () => {
    await register().expect(201);
    const { body } = await register({ userId: 'dave', email: 'carol@example.COM' }).expect(409);
    expect(body).toMatchObject({ code: 'IDENTIFIER_TAKEN' });
    await call('get', '/dave').expect(404);
    await call('patch', '/alice').send({ telephone: '+6591234567' }).expect(409);
    const other = await registerTenant(application.dataSource);
    await register(carol, other.id).expect(201);
  });

  it.each([
    ['email', 'carol'],
    ['email', ''],
    ['telephone', '12'],
    ['signer', 'no id'],
    ['signer', 7],
  ])('is not registered with the %s %j', async (field, value) => {
    const { body } = await register({ userId: 'carol', [field]: value }).expect(400);
    expect(body.errors).toMatchObject([{ field }]);
    await call('patch', '/alice')
      .send({ [field]: value })
      .expect(400);
  });

  it('is found with all they are known by, by any one of it', async () => {
    await register().expect(201);
    const people = application.nodes[0]!.app.get(People);
    const references = [
      { userId: 'carol' },
      keptOf('email', ' CAROL@example.com'),
      keptOf('telephone', '+6591234567'),
      keptOf('signer', 'S1234567D'),
    ];
    const expected = {
      userId: 'carol',
      emailHash: keptOf('email', carol.email).hash,
      telephoneHash: keptOf('telephone', carol.telephone).hash,
      signerHash: keptOf('signer', carol.signer).hash,
    };
    for (const reference of references) expect(await people.keysOf(tenant.id, reference)).toEqual(expected);
    const nobodys = keptOf('email', 'nobody@example.com');
    const alone = { userId: null, emailHash: nobodys.hash, telephoneHash: null, signerHash: null };
    expect(await people.keysOf(tenant.id, nobodys)).toEqual(alone);
  });

  it('is deleted: all that is pending of them, of every kind, is cancelled, and nothing of others', async () => {
    await register().expect(201);
    const otps = new OtpClient(application, tenant);
    const otp = { scope: 'otp_signin', method: 'email' };
    const mine = (await otps.post('create', { ...otp, recipient: carol.email }).expect(201)).body.data.id;
    const texted = await otps.post('create', { ...otp, method: 'sms', recipient: carol.telephone }).expect(201);
    const others = (await otps.post('create', { ...otp, recipient: 'eve@example.com' }).expect(201)).body.data.id;
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    await backend.start({ ...transaction, transactionId: 'hers' }, 'carol').expect(200);
    await backend.start({ ...transaction, transactionId: 'his' }).expect(200);
    const signer_uin_hash = createHash('sha256').update('S1234567D').digest('hex');
    const meant = await initiate(application.url, tenant.relyingParty, { signer_uin_hash });
    const open = await initiate(application.url, tenant.relyingParty);
    await call('delete', '/carol').expect(204);

    const ends = await application.dataSource.query<{ approval: string; reason: string }[]>(
      `SELECT approval, reason FROM history WHERE tenant_id = $1 AND move = 'cancel'`,
      [tenant.id],
    );
    expect(ends.map(({ approval }) => approval).sort()).toEqual(
      [mine, texted.body.data.id, 'hers', meant.request_id].sort(),
    );
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['user deleted']));
    const left = await application.dataSource.query<{ id: string }[]>(
      `SELECT id FROM otp WHERE tenant_id = $1 AND status = 'pending' UNION ALL
       SELECT id FROM signature WHERE tenant_id = $1 AND status = 'waiting' UNION ALL
       SELECT id FROM sign_request WHERE tenant_id = $1 AND status = 'pending'`,
      [tenant.id],
    );
    expect(left.map(({ id }) => id).sort()).toEqual([others, 'his', open.request_id].sort());
  });
});

const transaction = {
  deviceGoOnlineTimeout: '60',
  signatureTimeout: '60',
  signatureMode: 'MESSAGE',
  signatureMessage: 'Pay',
  callbackUrl: 'https://example.com/callback',
};
