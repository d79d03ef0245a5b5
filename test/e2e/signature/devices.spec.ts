import { generateKeyPairSync } from 'node:crypto';
import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, TestBackend, urlForms } from '../../support/signatures';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

describe('devices', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let token: string;
  beforeAll(async () => {
    application = await openApplication();
    tenant = await registerTenant(application.dataSource);
    token = await accessToken(application.url, tenant);
  });
  afterAll(() => application.close());

  const issue = (userId = 'alice', tenantId = tenant.id) =>
    request(application.url)
      .post(`/admin/v1/tenants/${tenantId}/users/${userId}/activation-codes`)
      .auth(testAdminToken, { type: 'bearer' });
  const newCode = async (): Promise<string> => (await issue().expect(201)).body.activationCode;
  const publicKey = (namedCurve = 'P-256') =>
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
  const enrol = (body: object) => request(application.url).post('/device/v1/enrolments').send(body);

  describe('activation codes', () => {
    it('are made by administrators, for ten minutes', async () => {
      const { body } = await issue().expect(201);
      expect(body).toEqual({
        activationCode: expect.stringMatching(/^[\dA-Z]{5}-[\dA-Z]{5}$/),
        expiresAt: expect.any(String),
      });
      const lifeMs = new Date(body.expiresAt).getTime() - Date.now();
      expect(lifeMs).toBeGreaterThan(590_000);
      expect(lifeMs).toBeLessThan(610_000);
    });

    it.each([
      ['nobody', undefined],
      ['%00', undefined],
      ['alice', 'nowhere'],
    ])('are not made for %s of %s', async (userId, tenantId) => {
      const { body } = await issue(userId, tenantId).expect(404);
      expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    });

    it('are kept as hashes', async () => {
      const code = await newCode();
      const rows = await application.dataSource.query("SELECT encode(hash, 'escape') AS hash FROM activation_code");
      expect(JSON.stringify(rows)).not.toContain(code);
    });
  });

  describe('enrolment', () => {
    it('makes a device, once for each code', async () => {
      const activationCode = await newCode();
      const { body } = await enrol({ activationCode, publicKey: publicKey(), name: 'Phone' }).expect(201);
      expect(body).toEqual({
        subSystem: 6,
        status: 'OK',
        message: 'Device enrolled successfully',
        data: { deviceId: expect.stringMatching(/^[1-9]\d*$/) },
      });
      const again = await enrol({ activationCode, publicKey: publicKey() }).expect(404);
      expect(again.body).toEqual({
        subSystem: 6,
        status: 'ACTIVATION_CODE_NOT_FOUND',
        message: 'Activation code is wrong, used or expired',
      });
    });

    it('takes a code however it was typed', async () => {
      const activationCode = ` ${(await newCode()).toLowerCase().replace('-', ' ')}`;
      await enrol({ activationCode, publicKey: publicKey() }).expect(201);
    });

    it('gives one code to one of many', async () => {
      const activationCode = await newCode();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => enrol({ activationCode, publicKey: publicKey() })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404, 404, 404]);
    });

    it('refuses a code that has expired', async () => {
      const activationCode = await newCode();
      await application.dataSource.query('UPDATE activation_code SET expires_at = clock_timestamp()');
      await enrol({ activationCode, publicKey: publicKey() }).expect(404);
    });

    it.each([
      ['no key', undefined, 'publicKey should not be null or empty'],
      ['a key on another curve', publicKey('P-384'), 'publicKey must be a public P-256 key as a JWK'],
      [
        'a private key',
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
        'publicKey must be a public P-256 key as a JWK',
      ],
      ['a key off the curve', { ...publicKey(), x: 'AAAA' }, 'publicKey must be a public P-256 key as a JWK'],
    ])('refuses %s', async (_, key, message) => {
      const { body } = await enrol({ activationCode: 'AAAAA-AAAAA', publicKey: key }).expect(400);
      expect(body).toEqual({ subSystem: 6, status: 'BAD_REQUEST', message });
    });
  });

  it('may try 30 codes an hour, and no more', async () => {
    const own = await openApplication();
    const guess = () =>
      request(own.url).post('/device/v1/enrolments').send({ activationCode: 'A', publicKey: publicKey() });
    for (let count = 0; count < 30; count += 1) await guess().expect(404);
    const { body } = await guess().expect(429);
    expect(body).toEqual({ subSystem: 6, status: 'TOO_MANY_REQUESTS', message: 'Too many requests' });
    await own.close();
  });

  describe('tokens', () => {
    it('serve for one call', async () => {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
      const once = await device.token();
      const call = () => request(application.url).get('/device/v1/signatures').auth(once, { type: 'bearer' });
      await call().expect(200);
      const { body } = await call().expect(401);
      expect(body).toEqual({ subSystem: 6, status: 'Unauthorized', message: 'HTTP 401 Unauthorized' });
    });

    it('serve for one call in the seconds beyond their end, in which clocks may differ, too', async () => {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
      const once = await device.token({ iat: seconds() - 30, exp: seconds() - 2 });
      const call = () => request(application.url).get('/device/v1/signatures').auth(once, { type: 'bearer' });
      await call().expect(200);
      await call().expect(401);
    });

    const seconds = () => Math.floor(Date.now() / 1000);
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    it.each([
      ['by another key', (device: TestDevice) => device.token({}, stranger)],
      ['of a device that is not there', (device: TestDevice) => device.token({ sub: '999999999' })],
      ['of no device', (device: TestDevice) => device.token({ sub: 'alice' })],
      ['without a jti', (device: TestDevice) => device.token({ jti: undefined })],
      ['with a jti that is no UUID', (device: TestDevice) => device.token({ jti: 'one' })],
      ['that live too long', (device: TestDevice) => device.token({ exp: seconds() + 180 })],
      ['that are over', (device: TestDevice) => device.token({ iat: seconds() - 60, exp: seconds() - 10 })],
      ['from the future', (device: TestDevice) => device.token({ iat: seconds() + 30 })],
    ])('%s are refused', async (_, made) => {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
      await request(application.url)
        .get('/device/v1/signatures')
        .auth(await made(device), { type: 'bearer' })
        .expect(401);
    });
  });

  describe.each(urlForms)('as the tenant sees them, %s', (form) => {
    let backend: TestBackend;
    let device: TestDevice;
    beforeEach(async () => {
      backend = new TestBackend(application.url, tenant.id, token, form);
      await application.dataSource.query('DELETE FROM device');
      device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    });
    const wrong = { subSystem: 6, status: 'DEVICE_NOT_FOUND', message: 'Device does not exist' };

    it('are listed with what they are doing', async () => {
      const offline = await backend.devices().expect(200);
      expect(offline.body).toEqual({
        subSystem: 5,
        status: 'OK',
        message: 'Devices list for user fetched successfully',
        data: [{ deviceId: device.id, deviceName: null, locked: false, deviceState: 'OFFLINE', lastLoginTime: null }],
      });
      await device.fetch();
      await backend.lock(device.id).expect(200);
      const online = await backend.devices().expect(200);
      expect(online.body.data).toEqual([
        expect.objectContaining({
          locked: true,
          deviceState: 'ONLINE',
          lastLoginTime: expect.stringMatching(/^\d{10}$/),
        }),
      ]);
      const nobody = await backend.devices('nobody').expect(404);
      expect(nobody.body).toMatchObject({ subSystem: 5, status: 'USER_NOT_FOUND' });
    });

    it('are locked and unlocked, each once', async () => {
      const locked = await backend.lock(device.id).expect(200);
      expect(locked.body).toEqual({ subSystem: 6, status: 'OK', message: 'Device locked successfully', data: true });
      const again = await backend.lock(device.id).expect(409);
      expect(again.body).toEqual({ subSystem: 6, status: 'CONFLICT', message: 'Device already locked' });
      const unlocked = await backend.unlock(device.id).expect(200);
      expect(unlocked.body.message).toBe('Device unlocked successfully');
      const twice = await backend.unlock(device.id).expect(409);
      expect(twice.body.message).toBe('Device already unlocked');
    });

    it('are deleted, and refused from then on', async () => {
      const { body } = await backend.delete(device.id).expect(200);
      expect(body).toEqual({ subSystem: 6, status: 'OK', message: 'Device deleted successfully', data: true });
      for (const call of [backend.delete(device.id), backend.lock(device.id), backend.unlock(device.id)])
        expect((await call.expect(404)).body).toEqual(wrong);
      expect((await device.fetch()).status).toBe(401);
    });

    it('cannot be deleted, locked or unlocked by another tenant', async () => {
      const other = await registerTenant(application.dataSource);
      const stranger = new TestBackend(application.url, other.id, await accessToken(application.url, other), form);
      for (const call of [stranger.delete(device.id), stranger.lock(device.id), stranger.unlock(device.id)])
        expect((await call.expect(404)).body).toEqual(wrong);
    });

    it('are named by an id: 400 where it is blank, 404 where it is unknown', async () => {
      const { body } = await backend.lock('%20').expect(400);
      expect(body).toEqual({ subSystem: 6, status: 'BAD_REQUEST', message: 'DeviceID should not be null or empty' });
      await backend.lock('phone').expect(404);
      await backend.delete('9'.repeat(30)).expect(404);
    });
  });
});
