import request from 'supertest';
import { readSettings } from '../../src/platform/settings/settings';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { callInitiate } from '../support/sign-requests';
import { openApplication, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

const { tenantLimits } = readSettings({});

describe('What one tenant may take', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication(
      { tenantLimits: { ...tenantLimits, openPerTenant: 70, storedMebibytes: 1 } },
      2,
    );
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
  });
  afterAll(() => application.close());

  const message = 'x'.repeat(60_000);
  const startMany = (count: number, user = 'alice') =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const at = new TestBackend(application.nodes[index % 2]!.url, tenant.id, backend.token);
        const { status, body } = await at.start(startBody({ signatureMessage: message }), user);
        return { status, said: body.status };
      }),
    );

  it('is 50 open transactions of a user, however many are started at once, and the node serves on', async () => {
    const alive: number[] = [];
    const answers = startMany(80);
    for (let asked = 0; asked < 5; asked += 1) {
      const from = performance.now();
      await request(application.url).get('/health/live').expect(200);
      alive.push(performance.now() - from);
    }
    const count = (status: number) => answers.then((all) => all.filter((each) => each.status === status).length);
    expect({ accepted: await count(200), refused: await count(429) }).toEqual({ accepted: 50, refused: 30 });
    expect((await answers).find(({ status }) => status === 429)!.said).toBe('TOO_MANY_REQUESTS');
    expect(Math.max(...alive)).toBeLessThan(5_000);
  }, 60_000);

  it('makes room when one ends, and takes a repeated start for what it is', async () => {
    const first = startBody();
    await backend.start(first).expect(200);
    await startMany(49);
    await backend.start(first).expect(200);
    await backend.start(startBody()).expect(429);
    await backend.cancel({ deviceId: '-1', transactionId: first.transactionId }).expect(200);
    await backend.start(startBody()).expect(200);
  }, 60_000);

  it('is so many open transactions of all its users', async () => {
    await application.dataSource.query(`INSERT INTO tenant_user (tenant_id, user_id) VALUES ($1, 'bob')`, [tenant.id]);
    await startMany(50);
    const answers = await startMany(30, 'bob');
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(1);
    await backend.start(startBody(), 'bob').expect(429);
  }, 60_000);

  it('a device fetches 256 KiB and 20 transactions at a time, new ones first, and is told how many more there are', async () => {
    const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    await startMany(6);
    const first = await device.fetch();
    expect(first.body.data).toHaveLength(4);
    expect(first.headers['rescind-more-transactions']).toBe('2');
    const second = await device.fetch();
    expect(second.body.data).toHaveLength(4);
    const ids = [...first.body.data, ...second.body.data].map(
      ({ transactionId }: { transactionId: string }) => transactionId,
    );
    expect(new Set(ids).size).toBe(6);

    const small = await Promise.all(Array.from({ length: 25 }, () => backend.started({ signatureMessage: 'Pay' })));
    const third = await device.fetch();
    expect(third.body.data).toHaveLength(20);
    expect(third.headers['rescind-more-transactions']).toBe('11');
    for (const { transactionId } of third.body.data) expect(small).toContain(transactionId);
  }, 60_000);

  it('is four uploads of a relying party at a time on a node', async () => {
    const document = Buffer.alloc(5_000_000, '%PDF-1.7\n');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => callInitiate(application.url, tenant.relyingParty, {}, document)),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(headers['retry-after']).toBe('1');
    expect(answers.filter(({ status }) => status !== 503).length).toBeGreaterThanOrEqual(4);
    expect((await callInitiate(application.url, tenant.relyingParty)).status).toBe(200);
  }, 60_000);

  it('is so many bytes of documents', async () => {
    const { body } = await callInitiate(application.url, tenant.relyingParty);
    await application.dataSource.query('UPDATE sign_document SET bytes = $2 WHERE sign_request_id = $1', [
      body.request_id,
      Buffer.alloc(1024 * 1024),
    ]);
    // The other node has not looked yet.
    const { status, body: refusal } = await callInitiate(application.nodes[1]!.url, tenant.relyingParty);
    expect({ status, error: refusal.error }).toEqual({ status: 429, error: 'STORAGE_FULL' });
  });
});
