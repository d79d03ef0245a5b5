import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, startBody, TestBackend, urlForms } from '../../support/signatures';
import { openApplication, type TestApplication } from '../../support/test-app';

describe.each(urlForms)('start signature, %s', (form) => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  beforeAll(async () => {
    application = await openApplication();
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant), form);
  });
  afterAll(() => application.close());

  it('starts a transaction', async () => {
    const { body } = await backend.start(startBody()).expect(200);
    expect(body).toEqual({ subSystem: 5, status: 'OK', message: 'Transaction started successfully' });
  });

  it('takes the same start again as the same transaction', async () => {
    const start = startBody({ deviceId: '-1', callBackHeaders: { 'x-a': '1', 'x-b': '2' } });
    await backend.start(start).expect(200);
    await backend.start(start).expect(200);
    await backend.start({
      ...start,
      deviceId: ['-1'],
      signatureTimeout: 120,
      callBackHeaders: { 'x-b': '2', 'x-a': '1' },
    });
    const rows = await application.dataSource.query('SELECT seq FROM history WHERE approval = $1', [
      start.transactionId,
    ]);
    expect(rows).toEqual([{ seq: 1 }]);
  });

  it.each([
    { signatureMessage: 'Pay 1250 EUR to Eve' },
    { signatureTimeout: '121' },
    { callbackUrl: 'https://other.example/' },
    { callBackHeaders: { 'x-a': '1' } },
    { pinRequired: true },
  ])('refuses another content under the same id: %j', async (change) => {
    const start = startBody();
    await backend.start(start).expect(200);
    const { body } = await backend.start({ ...start, ...change }).expect(409);
    expect(body).toEqual({
      subSystem: 5,
      status: 'CONFLICT',
      message: 'Transaction already exists with other content',
    });
  });

  it.each(['a\nb', 'a\0b', 'a\u0085'])('refuses the transaction id %j', async (transactionId) => {
    const { body } = await backend.start(startBody({ transactionId })).expect(400);
    expect(body.message).toBe('transactionId must not contain control characters');
  });

  it('knows no user that is deleted while it starts', async () => {
    const starts = Array.from({ length: 12 }, () => backend.start(startBody(), 'fleeting'));
    await application.dataSource.query(`INSERT INTO tenant_user (tenant_id, user_id) VALUES ($1, 'fleeting')`, [
      tenant.id,
    ]);
    const deleted = application.dataSource.query(`DELETE FROM tenant_user WHERE user_id = 'fleeting'`);
    const statuses = await Promise.all(starts.map(async (start) => (await start).status));
    await deleted;
    expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([]);
  });

  it('takes numbers for seconds and words for the flag', async () => {
    const changes = { deviceGoOnlineTimeout: 3600, signatureTimeout: 1, pinRequired: 'true' };
    const transactionId = await backend.started(changes);
    const [row] = await application.dataSource.query(
      `SELECT pin_required, signature_seconds, expires_at > now() + interval '3590 seconds' AS long FROM signature WHERE id = $1`,
      [transactionId],
    );
    expect(row).toEqual({ pin_required: true, signature_seconds: 1, long: true });
  });

  const seconds = 'must be a whole number of seconds, greater than 0 and at most 3600';
  it.each([
    [{ transactionId: undefined }, 'transactionId should not be null or empty'],
    [{ transactionId: 7 }, 'transactionId must be a string'],
    [{ transactionId: 'x'.repeat(257) }, 'transactionId must not be longer than 256 characters'],
    [{ deviceGoOnlineTimeout: '' }, 'deviceGoOnlineTimeout should not be null or empty'],
    [{ deviceGoOnlineTimeout: '0' }, `deviceGoOnlineTimeout ${seconds}`],
    [{ deviceGoOnlineTimeout: -1 }, `deviceGoOnlineTimeout ${seconds}`],
    [{ deviceGoOnlineTimeout: 3601 }, `deviceGoOnlineTimeout ${seconds}`],
    [{ signatureTimeout: undefined }, 'signatureTimeout should not be null or empty'],
    [{ signatureTimeout: 'soon' }, `signatureTimeout ${seconds}`],
    [{ signatureTimeout: [60] }, `signatureTimeout ${seconds}`],
    [{ signatureMessage: undefined }, 'signatureMessage should not be null or empty'],
    [{ signatureMode: 'PHOTO' }, 'signatureMode must be MESSAGE'],
    [{ pinRequired: 'maybe' }, 'pinRequired must be true or false'],
    [{ pushNotificationMessage: {} }, 'pushNotificationMessage must be a string'],
    [{ deviceId: { '-1': true } }, 'deviceId must be a string, or an array of at most 100 strings'],
    [{ callbackUrl: 'not a URL' }, 'callbackUrl: not an absolute URL'],
    [{ callbackUrl: 'http://127.0.0.1/' }, 'callbackUrl: 127.0.0.1 is not a host on the public internet'],
    [{ callBackHeaders: 'x: y' }, 'callBackHeaders must be an object of strings'],
    [{ callBackHeaders: { x: 1 } }, 'callBackHeaders must be an object of strings'],
    [{ callBackHeaders: { 'Transfer-Encoding': 'x' } }, 'callBackHeaders: the header Transfer-Encoding cannot be set'],
    [{ callBackHeaders: { 'x y': 'z' } }, 'callBackHeaders: a header has a malformed name or value'],
  ])('refuses %j', async (change, message) => {
    const { body } = await backend.start(startBody(change)).expect(400);
    expect(body).toEqual({ subSystem: 5, status: 'BAD_REQUEST', message });
  });

  it('answers 400 for a missing user, and 404 for an unknown user or device', async () => {
    const blank = await backend.start(startBody(), '%20').expect(400);
    expect(blank.body.message).toBe('Username should not be null or empty');
    const absent = await backend.start(startBody(), null).expect(400);
    expect(absent.body).toEqual(blank.body);
    const unknown = await backend.start(startBody(), 'nobody').expect(404);
    expect(unknown.body.status).toBe('USER_NOT_FOUND');
    const device = await backend.start(startBody({ deviceId: '12345678' })).expect(404);
    expect(device.body.status).toBe('DEVICE_NOT_FOUND');
  });
});
