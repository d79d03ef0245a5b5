import { createHash } from 'node:crypto';
import request from 'supertest';
import { type HistoryRow } from '../../src/approvals/history';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { openHouse, testAdminToken, type TestHouse } from '../support/test-app';

describe('GET /admin/v1/history', () => {
  let house: TestHouse;
  let tenant: TestTenant;
  beforeAll(async () => {
    house = await openHouse();
    tenant = await registerTenant(house.dataSource);
  });
  afterAll(() => house.close());

  const post = (path: string, body: object) =>
    request(house.url).post(path).set('x-tenant-token', tenant.token).set('X-Request-Id', 'test-1').send(body);
  const historyOf = (approval: string, tenantId = tenant.id) =>
    request(house.url)
      .get('/admin/v1/history')
      .query({ approval, tenant: tenantId })
      .set('Authorization', `Bearer ${testAdminToken}`);

  const cancelledOtp = async (): Promise<string> => {
    const otp = { scope: 'reset_password', method: 'email', recipient: 'alice@example.com' };
    const { body } = await post('/otp/create', otp).expect(201);
    const { id } = body.data as { id: string };
    await post('/otp/verify', { id, scope: otp.scope, code: '000000' });
    await post('/otp/cancel', { id, scope: otp.scope }).expect(201);
    return id;
  };

  /** The first row whose hash is not that of its contents, or whose predecessor is not the row before it. */
  const firstBroken = (approval: string, rows: readonly HistoryRow[]): number | undefined =>
    rows.find((row, index) => {
      const { previousHash, seq, move, from, to, actor, at, requestId, hash } = row;
      const lines = [previousHash, tenant.id, approval, seq, move, from, to, actor, at, requestId];
      const expected = createHash('sha256')
        .update(lines.map((line) => line ?? '').join('\n'))
        .digest('hex');
      return hash !== expected || previousHash !== (rows[index - 1]?.hash ?? null) || seq !== index + 1;
    })?.seq;

  it('tells each move, by whom and when, in a chain that anybody can check', async () => {
    const approval = await cancelledOtp();
    const { body } = await historyOf(approval).expect(200);
    const common = { actor: 'tenant:backend', at: expect.stringMatching(/\.\d{6}Z$/), requestId: 'test-1' };
    expect(body).toEqual({
      approval,
      rows: [
        { seq: 1, move: 'begin', from: null, to: 'pending', ...common, hash: expect.any(String), previousHash: null },
        {
          seq: 2,
          move: 'miss',
          from: 'pending',
          to: 'pending',
          ...common,
          hash: expect.any(String),
          previousHash: body.rows[0].hash,
        },
        {
          seq: 3,
          move: 'cancel',
          from: 'pending',
          to: 'cancelled',
          ...common,
          hash: expect.any(String),
          previousHash: body.rows[1].hash,
        },
      ],
    });
    expect(firstBroken(approval, body.rows)).toBeUndefined();
    const [{ head }] = await house.dataSource.query('SELECT head FROM otp WHERE id = $1', [approval]);
    expect(head.toString('hex')).toBe(body.rows.at(-1).hash);
  });

  it('can be neither changed nor shortened', async () => {
    await cancelledOtp();
    for (const change of ['UPDATE history SET actor = $$$$', 'DELETE FROM history', 'TRUNCATE history'])
      await expect(house.dataSource.query(change)).rejects.toThrow('append-only');
  });

  it.each([
    ['who did it', `UPDATE history SET actor = 'mallory' WHERE seq = 2`, 2],
    ['what was done', `UPDATE history SET move = 'verify', "to" = 'verified' WHERE seq = 3`, 3],
    ['when', `UPDATE history SET at = at + interval '1 microsecond' WHERE seq = 1`, 1],
    ['that it was done', `DELETE FROM history WHERE seq = 2`, 3],
  ])('shows that somebody who rules the database forged %s', async (_, forgery, broken) => {
    const approval = await cancelledOtp();
    await house.dataSource.transaction(async (manager) => {
      await manager.query('ALTER TABLE history DISABLE TRIGGER history_append_only');
      await manager.query(`${forgery} AND approval = $1`, [approval]);
      await manager.query('ALTER TABLE history ENABLE TRIGGER history_append_only');
    });
    const { body } = await historyOf(approval).expect(200);
    expect(firstBroken(approval, body.rows)).toBe(broken);
  });

  it('knows nothing of what never was, nor of another tenant’s', async () => {
    await historyOf('01ARZ3NDEKTSV4RRFFQ69G5FAV').expect(404);
    const other = await registerTenant(house.dataSource);
    await historyOf(await cancelledOtp(), other.id).expect(404);
  });

  it('names what is missing from the question', async () => {
    const { body } = await historyOf('', 'No Slug').expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['approval', 'tenant']);
  });
});
