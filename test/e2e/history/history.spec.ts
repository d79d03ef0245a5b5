import { createHash } from 'node:crypto';
import request from 'supertest';
import { type HistoryRow } from '../../../src/approvals/history';
import { asOwner } from '../../support/forgery';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, TestBackend } from '../../support/signatures';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('GET /admin/v1/history', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication();
    application.database.leaveUnchecked();
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const post = (path: string, body: object) =>
    request(application.url).post(path).set('x-tenant-token', tenant.token).set('X-Request-Id', 'test-1').send(body);
  const historyOf = (approval: string, { kind = 'otp', tenantId = tenant.id } = {}) =>
    request(application.url)
      .get('/admin/v1/history')
      .query({ approval, kind, tenant: tenantId })
      .set('Authorization', `Bearer ${testAdminToken}`);

  const otp = { scope: 'reset_password', method: 'email', recipient: 'alice@example.com' };
  const newOtp = async (): Promise<string> => (await post('/otp/create', otp).expect(201)).body.data.id;
  const cancelledOtp = async (): Promise<string> => {
    const id = await newOtp();
    await post('/otp/verify', { id, scope: otp.scope, code: '000000' });
    await post('/otp/cancel', { id, scope: otp.scope }).expect(201);
    return id;
  };

  /** The first row whose hash is not that of its contents, or whose predecessor is not the row before it. */
  const firstBroken = (kind: string, approval: string, rows: readonly HistoryRow[]): number | undefined =>
    rows.find((row, index) => {
      const { hashVersion, previousHash, seq, move, from, to, actor, at, requestId, reason, hash } = row;
      const content = [previousHash, tenant.id, approval, seq, move, from, to, actor, at, requestId];
      const lines = { 1: content, 2: [kind, ...content], 3: [kind, ...content, reason] }[hashVersion];
      const expected = createHash('sha256')
        .update(lines.map((line) => line ?? '').join('\n'))
        .digest('hex');
      return hash !== expected || previousHash !== (rows[index - 1]?.hash ?? null) || seq !== index + 1;
    })?.seq;

  it('lists each transition, its actor and its time, in a chain that can be computed anew', async () => {
    const approval = await cancelledOtp();
    const { body } = await historyOf(approval).expect(200);
    const common = {
      actor: 'tenant:backend',
      at: expect.stringMatching(/\.\d{6}Z$/),
      requestId: 'test-1',
      reason: null,
      hashVersion: 3,
    };
    expect(body).toEqual({
      approval,
      kind: 'otp',
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
    expect(firstBroken('otp', approval, body.rows)).toBeUndefined();
    const [{ head }] = await application.dataSource.query('SELECT head FROM otp WHERE id = $1', [approval]);
    expect(head.toString('hex')).toBe(body.rows.at(-1).hash);
  });

  it('can be neither changed nor shortened', async () => {
    await cancelledOtp();
    for (const change of ['UPDATE history SET actor = $$$$', 'DELETE FROM history', 'TRUNCATE history'])
      await expect(application.dataSource.query(change)).rejects.toThrow('append-only');
  });

  it.each([
    ['who did it', `UPDATE history SET actor = 'mallory' WHERE seq = 2`, 2],
    ['what was done', `UPDATE history SET move = 'verify', "to" = 'verified' WHERE seq = 3`, 3],
    ['when', `UPDATE history SET at = at + interval '1 microsecond' WHERE seq = 1`, 1],
    ['that it was done', `DELETE FROM history WHERE seq = 2`, 3],
  ])('shows that an owner of the database forged %s', async (_, forgery, broken) => {
    const approval = await cancelledOtp();
    await asOwner(application.dataSource, (manager) => manager.query(`${forgery} AND approval = $1`, [approval]));
    const { body } = await historyOf(approval).expect(200);
    expect(firstBroken('otp', approval, body.rows)).toBe(broken);
  });

  it('does not mix two kinds of approval that have the same id', async () => {
    const approval = await cancelledOtp();
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    await backend.started({ transactionId: approval });
    const kinds = await Promise.all(['otp', 'signature'].map((kind) => historyOf(approval, { kind }).expect(200)));
    expect(kinds.map(({ body }) => body.rows.map(({ move }: HistoryRow) => move))).toEqual([
      ['begin', 'miss', 'cancel'],
      ['begin'],
    ]);
    for (const { body } of kinds) expect(firstBroken(body.kind, approval, body.rows)).toBeUndefined();
  });

  it('goes on from rows that were hashed without their kind', async () => {
    const approval = await newOtp();
    await asOwner(application.dataSource, (manager) =>
      manager.query(
        `WITH older AS (
           UPDATE history SET hash_version = 1,
             hash = history_hash(NULL, tenant_id, approval, seq, move, "from", "to", actor, at, request_id)
           WHERE approval = $1 RETURNING hash
         ) UPDATE otp SET head = older.hash FROM older WHERE id = $1`,
        [approval],
      ),
    );
    await post('/otp/cancel', { id: approval, scope: otp.scope }).expect(201);
    const { body } = await historyOf(approval).expect(200);
    expect(body.rows.map(({ hashVersion }: HistoryRow) => hashVersion)).toEqual([1, 3]);
    expect(firstBroken('otp', approval, body.rows)).toBeUndefined();
  });

  it('shows that a chain was passed off as that of another kind', async () => {
    const approval = await cancelledOtp();
    await asOwner(application.dataSource, (manager) =>
      manager.query(`UPDATE history SET kind = 'signature' WHERE approval = $1`, [approval]),
    );
    const { body } = await historyOf(approval, { kind: 'signature' }).expect(200);
    expect(firstBroken('signature', approval, body.rows)).toBe(1);
  });

  it('answers 404 for an unknown approval, and for one of another tenant', async () => {
    await historyOf('01ARZ3NDEKTSV4RRFFQ69G5FAV').expect(404);
    const other = await registerTenant(application.dataSource);
    await historyOf(await cancelledOtp(), { tenantId: other.id }).expect(404);
  });

  it('names the parameters that are missing or malformed', async () => {
    const { body } = await historyOf('', { kind: 'No Kind', tenantId: 'No Slug' }).expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['approval', 'kind', 'tenant']);
  });
});
