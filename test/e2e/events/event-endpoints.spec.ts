import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { Webhook } from 'standardwebhooks';
import { EventEndpoint } from '../../../src/approvals/events/event-endpoint.entity';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { Receiver } from '../../support/receiver';
import { initiate } from '../../support/sign-requests';
import { isSignedBy, readEvent } from '../../support/subscriber';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('/admin/v1/tenants/{tenantId}/event-endpoints', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true });
    receiver = await Receiver.open();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
  });
  afterEach(() => {
    receiver.answer(200);
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const call = (method: 'get' | 'post' | 'patch' | 'delete', path = '', body?: object) => {
    const asked = request(application.url)[method](`/admin/v1/tenants/${tenant.id}/event-endpoints${path}`);
    return asked.auth(testAdminToken, { type: 'bearer' }).send(body);
  };
  /** An endpoint with a path of its own at the receiver. */
  const create = async (wishes = {}) => {
    const path = `/${randomUUID()}`;
    const url = receiver.url + path;
    const { body } = await call('post', '', { url, types: ['approval.begun'], ...wishes }).expect(201);
    return { ...(body as { id: string; secret: string; publicKey: string }), path, url };
  };
  const happen = async () => (await initiate(application.url, tenant.relyingParty)).request_id;
  const show = async (id: string) => (await call('get', `/${id}`).expect(200)).body;
  const deliveriesOf = async (id: string, query = '') =>
    (await call('get', `/${id}/deliveries${query}`).expect(200)).body;

  it('are made with a secret that is shown once, shown, listed and deleted', async () => {
    const { id, secret, publicKey, url, path } = await create({ description: 'Shop' });
    await happen();
    const [told] = await receiver.received(path);
    expect(readEvent(told!, { shared: secret, publicKey }).type).toBe('approval.begun');

    const shown = await show(id);
    expect(shown).toEqual({
      ...{ id, tenantId: tenant.id, url, publicKey, description: 'Shop', types: ['approval.begun'], kinds: null },
      ...{ state: 'enabled', failingSince: null, disabledAt: null, createdAt: expect.any(String) },
    });
    expect((await call('get').expect(200)).body).toEqual({ items: [shown], next: null });
    await call('delete', `/${id}`).expect(204);
    await call('get', `/${id}`).expect(404);
    await call('delete', `/${id}`).expect(404);
    await happen();
    expect(await application.dataSource.query('SELECT FROM event_endpoint WHERE id = $1', [id])).toEqual([]);
  });

  it.each([
    [{ types: [] }, 'types'],
    [{ types: ['approval.ended', 'approval.ended'] }, 'types'],
    [{ types: ['everything'] }, 'types'],
    [{ types: undefined }, 'types'],
    [{ kinds: [] }, 'kinds'],
    [{ kinds: ['OTP!'] }, 'kinds'],
    [{ kinds: ['otp', 'visit'] }, 'kinds'],
    [{ url: undefined }, 'url'],
    [{ url: 'ftp://shop.example' }, 'url'],
    [{ url: 'https://user:password@shop.example' }, 'url'],
  ])('are not made with %j', async (wrong, field) => {
    const sound = { url: 'https://shop.example', types: ['approval.ended'] };
    const { body } = await call('post', '', { ...sound, ...wrong }).expect(400);
    expect(body.errors.map((each: { field: string }) => each.field)).toEqual([field]);
  });

  it.each([
    { types: null },
    { types: [] },
    { url: null },
    { url: 'nowhere' },
    { disabled: null },
    { kinds: [1] },
    { kinds: ['visit'] },
  ])('are not changed by %j', async (wrong) => {
    const { id } = await create();
    const before = await show(id);
    await call('patch', `/${id}`, wrong).expect(400);
    expect(await show(id)).toEqual(before);
  });

  it('are changed in place; what was queued goes to the new address', async () => {
    const { id, path } = await create({ kinds: ['sign-request'] });
    receiver.answer(200, 500);
    await happen();
    await receiver.received(path);
    const moved = `${path}/moved`;
    const changes = { url: receiver.url + moved, types: ['approval.begun', 'recall.done'], kinds: null };
    expect((await call('patch', `/${id}`, changes).expect(200)).body).toMatchObject(changes);
    await receiver.received(moved);
    expect((await call('patch', `/${id}`, {}).expect(200)).body).toMatchObject(changes);
  });

  it('that are disabled are sent nothing until they are enabled, and nothing of the time between', async () => {
    const { id, path } = await create();
    const { body } = await call('patch', `/${id}`, { disabled: true }).expect(200);
    expect(body).toMatchObject({ state: 'disabled', disabledAt: expect.any(String) });
    await happen();
    const refused = await call('post', `/${id}/test`).expect(409);
    expect(refused.body.code).toBe('ENDPOINT_DISABLED');
    expect((await call('patch', `/${id}`, { disabled: false }).expect(200)).body).toMatchObject({
      state: 'enabled',
      disabledAt: null,
    });
    const about = await happen();
    const [told] = await receiver.received(path);
    expect(JSON.parse(told!.body).data.id).toBe(about);
    expect((await deliveriesOf(id)).items).toHaveLength(1);
  });

  it('that no try has reached for an hour are failing, until one does', async () => {
    const { id } = await create();
    const failingFor = (minutes: number) =>
      application.dataSource.manager.update(
        EventEndpoint,
        { id },
        { failingSince: new Date(Date.now() - minutes * 60_000) },
      );
    await failingFor(59);
    expect((await show(id)).state).toBe('enabled');
    await failingFor(61);
    expect((await show(id)).state).toBe('failing');
    await happen();
    await eventually(async () => (await show(id)).state === 'enabled');
    expect((await show(id)).failingSince).toBeNull();
  });

  it('sign with the new and the old secret for a day after a rotation', async () => {
    const { id, path, secret, publicKey } = await create();
    const { body: rotated } = await call('post', `/${id}/secret`, {}).expect(201);
    expect(rotated.id).toBe(id);
    expect((await show(id)).publicKey).toBe(rotated.publicKey);
    await happen();
    const [told] = await receiver.received(path);
    for (const known of [
      { shared: secret, publicKey },
      { shared: rotated.secret, publicKey: rotated.publicKey },
    ])
      expect(readEvent(told!, known).type).toBe('approval.begun');
    const { previousUntil } = await application.dataSource.manager.findOneByOrFail(EventEndpoint, { id });
    expect(Math.abs(previousUntil!.getTime() - Date.now() - 86_400_000)).toBeLessThan(60_000);
  });

  it('sign with the new secret alone once the overlap is over', async () => {
    const { id, path, secret, publicKey } = await create();
    const { body: rotated } = await call('post', `/${id}/secret`, { overlapSeconds: 0 }).expect(201);
    await happen();
    const [told] = await receiver.received(path);
    expect(readEvent(told!, { shared: rotated.secret, publicKey: rotated.publicKey }).type).toBe('approval.begun');
    expect(isSignedBy(publicKey, told!)).toBe(false);
    const headers = told!.headers as Record<string, string>;
    expect(() => new Webhook(secret).verify(told!.body, headers)).toThrow('No matching signature');
  });

  it('receive a test event that was asked for, whatever they want', async () => {
    const { id, path, secret, publicKey } = await create({ types: ['freeze.ended'] });
    const { body } = await call('post', `/${id}/test`).expect(202);
    const [told] = await receiver.received(path);
    expect(told!.headers['webhook-id']).toBe(body.deliveryId);
    expect(readEvent(told!, { shared: secret, publicKey })).toEqual({
      type: 'endpoint.test',
      timestamp: expect.any(String),
      data: { tenant: tenant.id, endpoint: id },
    });
  });

  it('have their deliveries listed, newest first and page by page, and made again under the same id', async () => {
    const { id, path } = await create();
    const [first, second, third] = [await happen(), await happen(), await happen()];
    await receiver.received(path, 3);
    await eventually(async () => {
      const { items } = await deliveriesOf(id);
      return items.every(({ state }: { state: string }) => state === 'delivered');
    });
    const page = await deliveriesOf(id, '?limit=2');
    expect(page.items.map((each: { content: { data: { id: string } } }) => each.content.data.id)).toEqual([
      third,
      second,
    ]);
    expect(page.items[0]).toMatchObject({ attempts: 1, lastError: null, nextAttemptAt: null });
    const rest = await deliveriesOf(id, `?limit=2&after=${page.next}`);
    expect(rest).toMatchObject({ items: [{ content: { data: { id: first } } }], next: null });

    const again = page.items[0].id;
    await request(application.url)
      .post(`/admin/v1/deliveries/${again}/redeliver`)
      .auth(testAdminToken, { type: 'bearer' })
      .expect(204);
    const calls = await receiver.received(path, 4);
    expect(calls.at(-1)!.headers['webhook-id']).toBe(again);
    expect(calls.at(-1)!.body).toBe(JSON.stringify(page.items[0].content));
  });

  it('of one tenant are none of another', async () => {
    const { id } = await create();
    tenant = await registerTenant(application.dataSource);
    for (const [method, path, body] of [
      ['get', '', undefined],
      ['patch', '', {}],
      ['delete', '', undefined],
      ['post', '/secret', {}],
      ['post', '/test', undefined],
      ['get', '/deliveries', undefined],
    ] as const)
      await call(method, `/${id}${path}`, body).expect(404);
    expect((await call('get').expect(200)).body.items).toEqual([]);
  });
});
