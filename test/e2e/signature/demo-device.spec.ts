import request from 'supertest';
import { compactVerify, importJWK, type JWK } from 'jose';
import { eventually } from '../../support/eventually';
import { startBody, TestBackend } from '../../support/signatures';
import { openApplication, type TestApplication } from '../../support/test-app';

describe("the sandbox's demo device", () => {
  let application: TestApplication;
  let backend: TestBackend;
  let deviceId: string;
  let publicJwk: JWK;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true });
    const { body } = await request(application.url)
      .post('/auth/realms/demo/protocol/openid-connect/token')
      .type('form')
      .auth('demo-client', 'demo-secret')
      .send({ grant_type: 'client_credentials' });
    backend = new TestBackend(application.url, 'demo', body.access_token, 'SHIFT');
    const devices = await backend.devices().expect(200);
    deviceId = devices.body.data[0].deviceId;
    const [device] = await application.dataSource.query('SELECT public_jwk FROM device WHERE id = $1', [deviceId]);
    publicJwk = device.public_jwk;
  });
  afterAll(() => application.close());

  const play = (action: string, body?: object, id = deviceId) =>
    request(application.url).post(`/sandbox/devices/${id}/${action}`).send(body);

  it('confirms with a real signature what it has fetched', async () => {
    const start = startBody({ callbackUrl: '' });
    const result = backend.start(start).then(({ body }) => body.data[0]);
    const offered = await eventually(async () => {
      const { body } = await play('fetch').expect(200);
      return body.data.length > 0 && body;
    });
    expect(offered).toMatchObject({ subSystem: 6, data: [{ transactionId: start.transactionId }] });
    await play('decide', { transactionId: start.transactionId, decision: 'OK' }).expect(200);
    const { signatureResult, signature } = await result;
    expect(signatureResult).toBe('CONFIRMED');
    await compactVerify(signature, await importJWK(publicJwk, 'ES256'));
  });

  it('is answered as a real device is', async () => {
    const transactionId = await backend.started();
    const early = await play('decide', { transactionId, decision: 'OK' }).expect(409);
    expect(early.body.message).toBe('Transaction has not been fetched by this device');
    await play('fetch').expect(200);
    const cancelled = await backend.cancel({ deviceId: '-1', transactionId }).expect(200);
    expect(cancelled.body.data).toMatchObject([{ deviceId, cancelResult: 'TRANSACTION_DISCARDED_FROM_CLIENT' }]);
    const late = await play('decide', { transactionId, decision: 'OK' }).expect(409);
    expect(late.body).toMatchObject({ subSystem: 6, status: 'SERVER_CANCEL' });
    await play('decide', { transactionId: 'unheard', decision: 'OK' }).expect(404);
    const unknown = await play('fetch', undefined, '999999').expect(404);
    expect(unknown.body).toMatchObject({ subSystem: 6, status: 'DEVICE_NOT_FOUND' });
    const odd = await play('decide', { transactionId, decision: 'MAYBE' }).expect(400);
    expect(odd.body).toEqual({ subSystem: 6, status: 'BAD_REQUEST', message: 'decision must be OK or CANCEL' });
  });
});
