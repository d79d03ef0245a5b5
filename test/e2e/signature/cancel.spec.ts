import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, startBody, TestBackend, urlForms } from '../../support/signatures';
import { TestDevice } from '../../support/test-device';
import { openApplication, type TestApplication } from '../../support/test-app';

describe.each(urlForms)('cancel signature, %s', (form) => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication();
    // `bring` writes states that a cancel meets.
    application.database.leaveUnchecked();
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant), form);
  });
  afterAll(() => application.close());

  const everywhere = (transactionId: string) => ({ deviceId: ['-1'], transactionId });
  const badRequest = (message: string) => ({ subSystem: 5, status: 'BAD_REQUEST', message });
  /** Puts a transaction into a state that only devices and time lead to. */
  const bring = (transactionId: string, columns: string) =>
    application.dataSource.query(`UPDATE signature SET ${columns} WHERE id = $1`, [transactionId]);

  it('cancels what no device has fetched, on the server', async () => {
    const transactionId = await backend.started();
    const { body, headers } = await backend.cancel(everywhere(transactionId)).expect(200);
    expect(headers['rescind-open-devices']).toBe('0');
    expect(body).toEqual({
      subSystem: 5,
      status: 'OK',
      message: 'Transaction cancelled successfully',
      data: [{ deviceId: '-1', userId: 'alice', transactionId, cancelResult: 'TRANSACTION_DISCARDED_FROM_SERVER' }],
    });
  });

  it('takes one device id as plain text', async () => {
    const transactionId = await backend.started();
    const { body } = await backend.cancel({ deviceId: '-1', transactionId }).expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('answers for each device whether it had fetched the transaction', async () => {
    const [first, second] = await plantTwo();
    const transactionId = await backend.started();
    await bring(transactionId, `status = 'delivered', devices = jsonb_set(devices, '{${first}}', '"delivered"')`);
    const { body } = await backend.cancel(everywhere(transactionId)).expect(200);
    expect(body.data).toEqual(
      expect.arrayContaining([
        { deviceId: first, userId: 'alice', transactionId, cancelResult: 'TRANSACTION_DISCARDED_FROM_CLIENT' },
        { deviceId: second, userId: 'alice', transactionId, cancelResult: 'TRANSACTION_DISCARDED_FROM_SERVER' },
      ]),
    );
  });

  it('withdraws from the named devices, and ends with the last', async () => {
    const [first, second] = await plantTwo();
    const transactionId = await backend.started({ deviceId: [first, second] });
    const { body, headers } = await backend.cancel({ deviceId: [first], transactionId }).expect(200);
    expect(headers['rescind-open-devices']).toBe('1');
    expect(body.data).toEqual([
      { deviceId: first, userId: 'alice', transactionId, cancelResult: 'TRANSACTION_DISCARDED_FROM_SERVER' },
    ]);
    const again = await backend.cancel({ deviceId: [first], transactionId }).expect(409);
    expect(again.body.message).toBe('Transaction already cancelled');

    await backend.cancel({ deviceId: [second], transactionId }).expect(200);
    const over = await backend.cancel(everywhere(transactionId)).expect(409);
    expect(over.body).toEqual({ subSystem: 5, status: 'CONFLICT', message: 'Transaction already cancelled' });
  });

  it('answers 404 for a device that the transaction was not started for', async () => {
    const [first, second] = await plantTwo();
    const transactionId = await backend.started({ deviceId: first });
    const { body } = await backend.cancel({ deviceId: [second], transactionId }).expect(404);
    expect(body.status).toBe('TRANSACTION_NOT_FOUND');
  });

  it.each(['%20', '%20%09', '%C2%A0'])('answers 400 for a blank user id: %s', async (userId) => {
    for (const body of [everywhere('demo'), undefined]) {
      const answer = await backend.cancel(body, userId).expect(400);
      expect(answer.body).toEqual(badRequest('Username should not be null or empty'));
    }
  });

  it('answers 400 for a missing user id', async () => {
    const { body } = await backend.cancel(everywhere('demo'), null).expect(400);
    expect(body).toEqual(badRequest('Username should not be null or empty'));
  });

  const faults: [string, object | string | undefined, string][] = [
    ['no body', undefined, 'deviceId should not be null or empty; transactionId should not be null or empty'],
    ['no device', { transactionId: 'demo' }, 'deviceId should not be null or empty'],
    ['an empty list of devices', { deviceId: [], transactionId: 'demo' }, 'deviceId should not be null or empty'],
    ['an empty device', { deviceId: '', transactionId: 'demo' }, 'deviceId should not be null or empty'],
    ['no transaction', { deviceId: ['-1'] }, 'transactionId should not be null or empty'],
    ['a blank transaction', { deviceId: ['-1'], transactionId: ' ' }, 'transactionId should not be null or empty'],
    ['a null transaction', { deviceId: ['-1'], transactionId: null }, 'transactionId should not be null or empty'],
    ['a numeric transaction', { deviceId: ['-1'], transactionId: 1 }, 'transactionId must be a string'],
    [
      'a NUL in the transaction',
      { deviceId: ['-1'], transactionId: 'a\0' },
      'transactionId must not contain a NUL character',
    ],
    [
      'a numeric device',
      { deviceId: [-1], transactionId: 'demo' },
      'deviceId must be a string, or an array of at most 100 strings',
    ],
    ['malformed JSON', '{"deviceId": [', 'The body is not valid JSON.'],
    ['a list', '[]', 'The body must be a JSON object.'],
  ];
  it.each(faults)('refuses %s', async (_, body, message) => {
    const answer = await backend.cancel(body).expect(400);
    expect(answer.body).toEqual(badRequest(message));
  });

  it('refuses a body that is no JSON', async () => {
    const { body } = await backend.cancel('deviceId=-1').type('form').expect(400);
    expect(body).toEqual(badRequest('The body must be application/json'));
  });

  it.each(['nobody', '%00', 'a'.repeat(100_000)])('answers 404 for an unknown user', async (userId) => {
    for (const deviceId of ['-1', '1']) {
      const { body } = await backend.cancel({ deviceId, transactionId: 'demo' }, userId).expect(404);
      expect(body).toEqual({ subSystem: 5, status: 'USER_NOT_FOUND', message: 'User does not exist' });
    }
  });

  it("answers 404 for a transaction that is unknown, another user's, or another tenant's", async () => {
    const other = await registerTenant(application.dataSource);
    const others = new TestBackend(application.url, other.id, await accessToken(application.url, other), form);
    const foreign = await others.started();
    await application.dataSource.query(
      `INSERT INTO tenant_user (tenant_id, user_id) VALUES ($1, 'bob') ON CONFLICT DO NOTHING`,
      [tenant.id],
    );
    const own = await backend.started();
    for (const [transactionId, userId] of [
      ['unheard', 'alice'],
      [foreign, 'alice'],
      [own, 'bob'],
    ] as const) {
      const { body } = await backend.cancel(everywhere(transactionId), userId).expect(404);
      expect(body).toEqual({
        subSystem: 5,
        status: 'TRANSACTION_NOT_FOUND',
        message: 'Transaction does not exist',
      });
    }
  });

  it("answers 404 for a device that is not the user's", async () => {
    const { body } = await backend.cancel({ deviceId: ['999999'], transactionId: await backend.started() }).expect(404);
    expect(body).toEqual({ subSystem: 5, status: 'DEVICE_NOT_FOUND', message: 'Device does not exist' });
  });

  it.each([
    ['confirmed', `status = 'confirmed'`],
    ['rejected', `status = 'rejected'`],
    ['expired', `expires_at = clock_timestamp()`],
    ['expired', `status = 'delivered', expires_at = clock_timestamp()`],
  ])('answers 409 when it is already %s', async (end, columns) => {
    const transactionId = await backend.started();
    await bring(transactionId, columns);
    const { body } = await backend.cancel(everywhere(transactionId)).expect(409);
    expect(body).toEqual({ subSystem: 5, status: 'CONFLICT', message: `Transaction already ${end}` });
  });

  it('leaves one winner of many cancels', async () => {
    const transactionId = await backend.started();
    const answers = await Promise.all(Array.from({ length: 20 }, () => backend.cancel(everywhere(transactionId))));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
  });

  it('answers a repeated start of what was cancelled without starting it again', async () => {
    const start = startBody();
    await backend.start(start).expect(200);
    await backend.cancel(everywhere(start.transactionId)).expect(200);
    await backend.start(start).expect(200);
    await backend.cancel(everywhere(start.transactionId)).expect(409);
  });

  it('answers 401 to a bearer of another tenant, or none', async () => {
    const other = await registerTenant(application.dataSource);
    const unauthorized = { subSystem: 5, status: 'Unauthorized', message: 'HTTP 401 Unauthorized' };
    for (const token of [await accessToken(application.url, other), 'x', '']) {
      const stranger = new TestBackend(application.url, tenant.id, token, form);
      const { body } = await stranger.cancel(everywhere('demo')).expect(401);
      expect(body).toEqual(unauthorized);
    }
  });

  const plant = () => TestDevice.plant(application.dataSource, application.url, tenant.id);

  async function plantTwo(): Promise<[string, string]> {
    await application.dataSource.query('DELETE FROM device');
    const [first, second] = [await plant(), await plant()];
    return [first.id, second.id];
  }
});

describe('signatures on one plain host', () => {
  it("mean the bearer's own tenant", async () => {
    const application = await openApplication();
    const tenant = await registerTenant(application.dataSource);
    const token = await accessToken(application.url, tenant);
    const transactionId = await new TestBackend(application.url, tenant.id, token).started();
    await request(application.url)
      .delete('/digitanium/v4/users/signature/alice')
      .auth(token, { type: 'bearer' })
      .send({ deviceId: ['-1'], transactionId })
      .expect(200);
    await application.close();
  });
});
