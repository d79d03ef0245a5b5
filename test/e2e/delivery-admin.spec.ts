import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { registerTenant } from '../support/fixtures';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

describe('/admin/v1/deliveries', () => {
  let application: TestApplication;
  let tenant: string;
  const ids = { old: randomUUID(), failed: randomUUID(), pending: randomUUID(), foreign: randomUUID() };

  beforeAll(async () => {
    application = await openApplication();
    tenant = (await registerTenant(application.dataSource)).id;
    const other = (await registerTenant(application.dataSource)).id;
    const insert = (id: string, of: string, state: string, createdAt: string) =>
      application.dataSource.query(
        // No channel of this name delivers, so nothing but the calls below changes the rows.
        `INSERT INTO delivery VALUES ($1, $2, 'nowhere', 'approval', $3::text, 2, 'The answer was 500', $4,
           CASE WHEN $3 = 'pending' THEN now() END, CASE WHEN $3 <> 'pending' THEN now() END)`,
        [id, of, state, createdAt],
      );
    await insert(ids.old, tenant, 'delivered', '2026-01-01');
    await insert(ids.failed, tenant, 'failed', '2026-01-02');
    await insert(ids.pending, tenant, 'pending', '2026-01-03');
    await insert(ids.foreign, other, 'failed', '2026-01-04');
  });
  afterAll(() => application.close());

  const list = async (query: object): Promise<string[]> => {
    const get = request(application.url).get('/admin/v1/deliveries').auth(testAdminToken, { type: 'bearer' });
    const { body } = await get.query(query).expect(200);
    return body.items.map(({ id }: { id: string }) => id);
  };
  const redeliver = (id: string) =>
    request(application.url).post(`/admin/v1/deliveries/${id}/redeliver`).auth(testAdminToken, { type: 'bearer' });

  it('lists deliveries, newest first', async () => {
    expect(await list({})).toEqual([ids.foreign, ids.pending, ids.failed, ids.old]);
  });

  it('finds them by state and by tenant', async () => {
    expect(await list({ state: 'failed' })).toEqual([ids.foreign, ids.failed]);
    expect(await list({ tenant })).toEqual([ids.pending, ids.failed, ids.old]);
    expect(await list({ tenant, state: 'failed' })).toEqual([ids.failed]);
  });

  it.each([
    ['state', 'lost', 'failed'],
    ['tenant', 'No Tenant', 'the id of a tenant'],
  ])('refuses a %s that cannot exist', async (field, value, problem) => {
    const get = request(application.url)
      .get('/admin/v1/deliveries')
      .query({ [field]: value });
    const { body } = await get.auth(testAdminToken, { type: 'bearer' }).expect(400);
    expect(body.errors).toEqual([{ field, problem: expect.stringContaining(problem) }]);
  });

  it('begins the schedule of one that has ended anew', async () => {
    await redeliver(ids.failed).expect(204);
    const [row] = await application.dataSource.query<object[]>('SELECT * FROM delivery WHERE id = $1', [ids.failed]);
    expect(row).toMatchObject({ state: 'pending', attempts: 0, ended_at: null });
    expect((row as { next_attempt_at: Date }).next_attempt_at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['one that has not ended', () => ids.pending, 409, 'DELIVERY_PENDING'],
    ['one that there is not', () => randomUUID(), 404, 'DELIVERY_NOT_FOUND'],
    ['what is no id', () => 'x', 404, 'DELIVERY_NOT_FOUND'],
  ])('refuses to send again %s', async (_, id, status, code) => {
    const { body } = await redeliver(id()).expect(status);
    expect(body).toMatchObject({ status, code });
  });

  it('is for administrators', async () => {
    await request(application.url).get('/admin/v1/deliveries').expect(401);
  });
});

it('there are no such routes without an ADMIN_TOKEN', async () => {
  const application = await openApplication({ adminToken: undefined });
  await request(application.url).get('/admin/v1/deliveries').expect(404);
  await application.close();
});
