import request from 'supertest';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../../src/app.module';
import { createDataSource } from '../../../src/platform/database/data-source';
import { createTestDatabase } from '../../support/database';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { eventually } from '../../support/eventually';
import { Receiver } from '../../support/receiver';
import { startServer } from '../../support/server-process';
import { accessToken, startBody, TestBackend } from '../../support/signatures';
import { openApplication, openNode, testMasterKey, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const message = 'Pay 12.50 EUR to Bob';

interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly delaySeconds: number | null;
}

describe('a callback', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  let device: TestDevice;
  let receiver: Receiver;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true });
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
  });
  beforeEach(async () => {
    receiver = await Receiver.open();
  });
  afterEach(() => receiver.close());
  afterAll(() => application.close());

  const rowOf = async (transactionId: string, dataSource: DataSource = application.dataSource) => {
    const [row] = await dataSource.query<DeliveryRow[]>(
      `SELECT id, state, attempts, last_error, extract(epoch FROM next_attempt_at - clock_timestamp())::float8 AS "delaySeconds"
       FROM delivery WHERE channel = 'signature-callback' AND approval_id = $1`,
      [transactionId],
    );
    return row;
  };
  const confirmed = async (changes: object = {}): Promise<string> => {
    const transactionId = await backend.started({ signatureMessage: message, ...changes });
    await device.fetch();
    expect((await device.confirm(transactionId, message)).status).toBe(200);
    return transactionId;
  };
  /** The delivery once its first try is over. */
  const afterFirstTry = (transactionId: string) =>
    eventually(async () => {
      const row = await rowOf(transactionId);
      return row?.last_error !== null && row;
    });

  it("posts the result with the caller's headers, once", async () => {
    const transactionId = await confirmed({
      callbackUrl: `${receiver.url}/done?a=b`,
      callBackHeaders: { Authorization: 'Basic secret', 'X-Own': '1' },
    });
    const [call] = await receiver.received('/done?a=b');
    const row = await eventually(async () => {
      const found = await rowOf(transactionId);
      return found?.state === 'delivered' && found;
    });
    expect(call!.method).toBe('POST');
    expect(call!.headers).toMatchObject({
      authorization: 'Basic secret',
      'x-own': '1',
      'content-type': 'application/json',
      'x-delivery-id': row.id,
    });
    expect(JSON.parse(call!.body)).toEqual({
      subSystem: 5,
      status: 'OK',
      message: 'Transaction finished',
      data: [
        {
          deviceId: device.id,
          userId: 'alice',
          transactionId,
          signatureResult: 'CONFIRMED',
          signature: expect.any(String),
        },
      ],
    });
    expect(receiver.calls).toHaveLength(1);
  });

  const resultOf = ({ body }: { body: string }): string => JSON.parse(body).data[0].signatureResult;

  it('posts every other end too', async () => {
    const started = (path: string, changes = {}) =>
      backend.started({ signatureMessage: message, callbackUrl: `${receiver.url}/${path}`, ...changes });
    const rejected = await started('rejected');
    await started('expired', { signatureTimeout: '1' });
    await device.fetch();
    await device.decide(rejected, { decision: 'CANCEL' });
    const [cancelled] = await Promise.all([started('cancelled'), started('offline', { deviceGoOnlineTimeout: '1' })]);
    await backend.cancel({ deviceId: '-1', transactionId: cancelled }).expect(200);
    const ends = ['rejected', 'expired', 'cancelled', 'offline'].map(async (path) => {
      const [call] = await receiver.received(`/${path}`);
      return resultOf(call!);
    });
    expect(await Promise.all(ends)).toEqual(['REJECTED', 'EXPIRED', 'CANCELLED', 'DEVICE_OFFLINE']);
  });

  it('is tried again on the published schedule when it fails, is redirected, or goes nowhere', async () => {
    const elsewhere = await Receiver.open();
    receiver.answer(500);
    const failing = await confirmed({ callbackUrl: `${receiver.url}/fails` });
    expect(await afterFirstTry(failing)).toMatchObject({
      state: 'pending',
      attempts: 1,
      last_error: 'The callback was answered with 500',
    });
    receiver.answer(307);
    const redirected = await confirmed({ callbackUrl: `${receiver.url}/redirects` });
    expect(await afterFirstTry(redirected)).toMatchObject({ last_error: 'The callback was answered with 307' });
    expect(elsewhere.calls).toEqual([]);
    await elsewhere.close();

    const row = await afterFirstTry(redirected);
    expect(row.delaySeconds).toBeGreaterThan(0);
    expect(row.delaySeconds).toBeLessThanOrEqual(5);

    receiver.answer(204);
    const again = await receiver.received('/fails', 2);
    expect(again.map(({ headers }) => headers['x-delivery-id'])).toEqual(Array(2).fill((await rowOf(failing))!.id));
    expect(again[1]!.at - again[0]!.at).toBeGreaterThan(4_900);
  });

  it('gives up waiting for a receiver that hangs, and tries again', async () => {
    receiver.answer('never');
    const transactionId = await confirmed({ callbackUrl: `${receiver.url}/hangs` });
    await receiver.received('/hangs');
    expect(await afterFirstTry(transactionId)).toMatchObject({
      state: 'pending',
      attempts: 1,
      last_error: expect.stringContaining('did not answer in full within 10 s'),
    });
  });

  it('is sent again by an administrator', async () => {
    receiver.answer(410);
    const transactionId = await confirmed({ callbackUrl: `${receiver.url}/later` });
    const { id } = await afterFirstTry(transactionId);
    await application.dataSource.query(
      `UPDATE delivery SET state = 'failed', next_attempt_at = NULL, ended_at = now() WHERE id = $1`,
      [id],
    );
    receiver.answer(200);
    await fetch(`${application.url}/admin/v1/deliveries/${id}/redeliver`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-admin-token' },
    });
    const calls = await receiver.received('/later', 2);
    expect(calls.map(({ headers }) => headers['x-delivery-id'])).toEqual([id, id]);
  });

  it('never reaches a private address, however it is named', async () => {
    const own = await openApplication({ allowPrivateTargets: false });
    const other = await registerTenant(own.dataSource);
    const strict = new TestBackend(own.url, other.id, await accessToken(own.url, other));
    for (const callbackUrl of [receiver.url, 'http://localhost:80/', 'http://[::1]/', 'http://169.254.169.254/'])
      await strict.start(startBody({ callbackUrl })).expect(400);
    // A name that passes when it is given, and resolves to a private address when it is called.
    const transactionId = await strict.started({ callbackUrl: 'http://rebound.invalid/' });
    await own.dataSource.query('UPDATE signature SET callback_url = $1 WHERE id = $2', [receiver.url, transactionId]);
    await strict.cancel({ deviceId: '-1', transactionId }).expect(200);
    const row = await eventually(async () => {
      const found = await rowOf(transactionId, own.dataSource);
      return found?.last_error !== null && found;
    });
    expect(row.last_error).toContain('is not a host on the public internet');
    expect(receiver.calls).toEqual([]);
    await own.close();
  });

  it('keeps its headers sealed', async () => {
    const transactionId = await backend.started({ callBackHeaders: { 'X-Own': 'open sesame' } });
    const [row] = await application.dataSource.query('SELECT * FROM signature WHERE id = $1', [transactionId]);
    expect(JSON.stringify(row)).not.toContain('sesame');
    expect(row.callback_headers.toString('latin1')).not.toContain('sesame');
  });

  it.each(['Content-Type', 'x-delivery-id', 'Host', 'Connection'])('refuses the header %s', async (name) => {
    const { body } = await backend.start(startBody({ callBackHeaders: { [name]: 'x' } })).expect(400);
    expect(body.message).toBe(`callBackHeaders: the header ${name} cannot be set`);
  });

  it('arrives after its node was killed between the decision and the callback, with the same delivery id', async () => {
    const database = await createTestDatabase();
    const doomed = await startServer({
      DATABASE_URL: database.url,
      ALLOW_PRIVATE_TARGETS: 'true',
      MASTER_KEY: testMasterKey.toString('base64'),
      SANDBOX: 'true',
    });
    const { body } = await request(doomed.url)
      .post('/auth/realms/demo/protocol/openid-connect/token')
      .type('form')
      .auth('demo-client', 'demo-secret')
      .send({ grant_type: 'client_credentials' });
    const caller = new TestBackend(doomed.url, 'demo', body.access_token);
    const looker = await createDataSource(database, { ...serverContents.schema, poolSize: 1 }).initialize();
    const signer = await TestDevice.plant(looker, doomed.url, 'demo');
    await looker.destroy();
    receiver.answer(200, 'never');
    const transactionId = await caller.started({ signatureMessage: message, callbackUrl: `${receiver.url}/survives` });
    await signer.fetch();
    await signer.confirm(transactionId, message);
    await receiver.received('/survives');
    doomed.kill();
    await doomed.ended;

    const survivor = await openNode(database, { allowPrivateTargets: true });
    // When the dead node's time for this try is over; too long to wait for here.
    await survivor.dataSource.query('UPDATE delivery SET next_attempt_at = clock_timestamp()');
    const calls = await receiver.received('/survives', 2);
    const row = await rowOf(transactionId, survivor.dataSource);
    expect(calls.map(({ headers }) => headers['x-delivery-id'])).toEqual([row!.id, row!.id]);
    expect(calls.map(resultOf)).toEqual(['CONFIRMED', 'CONFIRMED']);
    await survivor.close();
    await database.drop();
  });
});
