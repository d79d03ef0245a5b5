import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { apis } from '../../src/apis';
import { TenantUser } from '../../src/accounts/tenants/tenant.entities';
import { signatureLifecycle } from '../../src/signature/signature.lifecycle';
import { eventually } from '../support/eventually';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { beginMany } from '../support/many-otps';
import { makeKey } from '../support/operators';
import { OtpClient } from '../support/otp-client';
import { Receiver } from '../support/receiver';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { callInitiate, initiate, TestSigner } from '../support/sign-requests';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

describe('Deleting the owner of approvals', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true }, 2);
    receiver = await Receiver.open();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const admin = (method: 'get' | 'post' | 'delete', path: string) =>
    request(application.url)[method](`/admin/v1${path}`).auth(testAdminToken, { type: 'bearer' });
  const deleteUser = (userId = 'alice') => admin('delete', `/tenants/${tenant.id}/users/${userId}`);
  const lastOf = async (approval: string, kind: string) => {
    const { body } = await admin('get', `/history?tenant=${tenant.id}&kind=${kind}&approval=${approval}`).expect(200);
    return body.rows.at(-1);
  };
  const recalled = (reason: string) => ({ move: 'cancel', to: 'cancelled', actor: 'admin', reason });
  const openOf = (table: string): Promise<unknown[]> =>
    application.dataSource.query(
      `SELECT id FROM ${table} WHERE tenant_id = $1 AND status IN ('waiting', 'delivered', 'pending', 'signing')`,
      [tenant.id],
    );

  it('cancels what a user is asked, fetched or not, and answers its callers', async () => {
    const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    const fetched = await backend.started({ callbackUrl: `${receiver.url}/fetched` });
    await device.fetch();
    const waiting = await backend.started({ callbackUrl: `${receiver.url}/waiting` });
    const blocking = startBody({ callbackUrl: undefined });
    const answer = backend.start(blocking).then(({ body }) => body);
    await eventually(async () => (await openOf('signature')).length === 3);

    await deleteUser().expect(204);
    for (const id of [fetched, waiting, blocking.transactionId])
      expect(await lastOf(id, 'signature')).toMatchObject(recalled('user deleted'));
    for (const path of ['/fetched', '/waiting']) {
      const [call] = await receiver.received(path);
      expect(call!.body).toContain('CANCELLED');
    }
    expect(JSON.stringify(await answer)).toContain('CANCELLED');
    await backend.start(startBody()).expect(404);
  });

  it('cancels what a relying party has asked, open sessions too', async () => {
    const party = tenant.relyingParty;
    const pending = await initiate(application.url, party);
    const signing = await initiate(application.url, party);
    const signer = new TestSigner(application.nodes[0]!, signing);
    await signer.proceed();
    await admin('delete', `/tenants/${tenant.id}/relying-parties/${party.clientId}`).expect(204);
    for (const { request_id } of [pending, signing])
      expect(await lastOf(request_id, 'sign_request')).toMatchObject(recalled('relying party deleted'));
    await signer.approve();
    expect(await lastOf(signing.request_id, 'sign_request')).toMatchObject(recalled('relying party deleted'));
    expect((await callInitiate(application.url, party)).status).toBe(401);
  });

  it('takes what a device has back from it, and cancels what no other device has', async () => {
    const plant = () => TestDevice.plant(application.dataSource, application.url, tenant.id);
    const [first, second] = [await plant(), await plant()];
    const shared = await backend.started({ callbackUrl: `${receiver.url}/shared` });
    const own = await backend.started({ callbackUrl: `${receiver.url}/own`, deviceId: [first.id] });
    await first.fetch();
    const reasoned = { actor: 'bearer:backend', reason: 'device deleted' };
    const cancelled = { ...reasoned, move: 'cancel', to: 'cancelled' };

    await backend.delete(first.id).expect(200);
    expect(await lastOf(own, 'signature')).toMatchObject(cancelled);
    expect((await receiver.received('/own'))[0]!.body).toContain('CANCELLED');
    expect(await lastOf(shared, 'signature')).toMatchObject({ ...reasoned, move: 'recall', to: 'delivered' });
    await backend.delete(second.id).expect(200);
    expect(await lastOf(shared, 'signature')).toMatchObject(cancelled);
    expect((await receiver.received('/shared'))[0]!.body).toContain('CANCELLED');
  });

  it('cancels what an OAuth client began, and not what others did', async () => {
    const input = { scope: 'otp_signin', method: 'email' };
    const create = (authorization: string) =>
      request(application.url)
        .post('/otp/create')
        .set('Authorization', `Bearer ${authorization}`)
        .send({ ...input, recipient: `${randomUUID()}@example.com` });
    const [ofClient, ofToken] = [await create(backend.token).expect(201), await create(tenant.token).expect(201)];
    const transaction = await backend.started({ callbackUrl: `${receiver.url}/client` });
    const key = await makeKey(application.url, 'admin', [tenant.id]);
    await request(application.url)
      .delete(`/admin/v1/tenants/${tenant.id}/oauth-clients/backend`)
      .auth(key, { type: 'bearer' })
      .expect(204);
    const end = { ...recalled('OAuth client deleted'), actor: expect.stringMatching(/^key:/) };
    expect(await lastOf(ofClient.body.data.id, 'otp')).toMatchObject(end);
    expect(await lastOf(transaction, 'signature')).toMatchObject(end);
    expect((await receiver.received('/client'))[0]!.body).toContain('CANCELLED');
    expect(await openOf('otp')).toEqual([{ id: ofToken.body.data.id }]);
    await backend.start(startBody()).expect(401);
    await create(backend.token).expect(401);
  });

  it('cancels more than fits into one transaction before it deletes', async () => {
    await beginMany(application.dataSource, tenant.id, 1_300);
    const other = await registerTenant(application.dataSource);
    await beginMany(application.dataSource, other.id, 10);
    await admin('delete', `/tenants/${tenant.id}`).expect(204);
    expect(await openOf('otp')).toEqual([]);
    const reasons = await application.dataSource.query(
      `SELECT reason, count(*)::int, count(DISTINCT at) > 1 AS several FROM history WHERE tenant_id = $1 AND move = 'cancel' GROUP BY 1`,
      [tenant.id],
    );
    expect(reasons).toEqual([{ reason: 'tenant deleted', count: 1_300, several: true }]);
    await admin('delete', `/tenants/${other.id}/oauth-clients/none`).expect(404);
    await admin('delete', `/tenants/none`).expect(404);
    const left = await application.dataSource.query(
      `SELECT count(*)::int FROM otp WHERE tenant_id = $1 AND status = 'pending'`,
      [other.id],
    );
    expect(left).toEqual([{ count: 10 }]);
  });

  it('takes no approval, delivery or history away by a foreign key', async () => {
    const tables = [...apis.map(({ lifecycle }) => lifecycle.approval), 'delivery', 'history'];
    const keys = await application.dataSource.query(
      `SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to" FROM pg_constraint
       WHERE contype = 'f' AND conrelid = ANY ($1::regclass[])`,
      [tables],
    );
    expect(keys).toEqual([]);
  });

  it('cancels all that is open of a tenant; its history stays, and its callbacks come', async () => {
    const client = new OtpClient(application, tenant);
    const input = { scope: 'otp_signin', method: 'email', recipient: `${randomUUID()}@example.com` };
    const { body } = await client.post('create', input).expect(201);
    const transaction = await backend.started({ callbackUrl: `${receiver.url}/tenant` });
    const { request_id } = await initiate(application.url, tenant.relyingParty);
    await admin('delete', `/tenants/${tenant.id}`).expect(204);
    const ends = [lastOf(body.data.id, 'otp'), lastOf(transaction, 'signature'), lastOf(request_id, 'sign_request')];
    for (const end of await Promise.all(ends)) expect(end).toMatchObject(recalled('tenant deleted'));
    for (const table of ['otp', 'signature', 'sign_request']) expect(await openOf(table)).toEqual([]);
    expect((await receiver.received('/tenant'))[0]!.body).toContain('CANCELLED');
    const [otp] = await application.dataSource.query('SELECT sealed FROM otp WHERE id = $1', [body.data.id]);
    expect(otp).toEqual({ sealed: null });
  });

  it('races with decisions and starts: each approval has one end, and none is left open', async () => {
    const [one, other] = application.nodes.map(({ url }) => ({ url })) as [{ url: string }, { url: string }];
    for (let round = 0; round < 20; round += 1) {
      const userId = `user-${round}`;
      await application.dataSource.manager.insert(TenantUser, { tenantId: tenant.id, userId });
      const device = (await TestDevice.plant(application.dataSource, one.url, tenant.id, userId)).at(other.url);
      const message = 'Pay 12.50 EUR to Bob';
      const { transactionId: id, ...body } = startBody({ signatureMessage: message });
      await backend.start({ transactionId: id, ...body }, userId).expect(200);
      await device.fetch();
      const [decided, , started] = await Promise.all([
        device.confirm(id, message),
        deleteUser(userId).expect(204),
        backend.start(startBody(), userId),
      ]);
      expect([200, 401, 409]).toContain(decided.status);
      expect([200, 404]).toContain(started.status);
      expect(await openOf('signature')).toEqual([]);
      const { to } = await lastOf(id, 'signature');
      expect(to).toBe(decided.status === 200 ? 'confirmed' : 'cancelled');
      const terminal = await application.dataSource.query(
        `SELECT "to" FROM history WHERE tenant_id = $1 AND approval = $2 AND "to" = ANY($3)`,
        [tenant.id, id, signatureLifecycle.terminal],
      );
      expect(terminal).toEqual([{ to }]);
    }
  });
});
