import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { anyAddress, behindProxy, OtpClient } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('/otp', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy);
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const reference = { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', scope: 'reset_password' };
  const cancel = () => request(application.url).post('/otp/cancel').set('X-Forwarded-For', anyAddress());
  const missing = { message: 'Missing tenant token', code: 'MISSING_TENANT_TOKEN', status: 401 };
  const invalid = { message: 'Invalid tenant token', code: 'INVALID_TENANT_TOKEN', status: 401 };

  describe('asks which tenant is calling', () => {
    it('and takes the tenant token in its own header or as a bearer', async () => {
      await cancel().set('x-tenant-token', tenant.token).send(reference).expect(404);
      await cancel().auth(tenant.token, { type: 'bearer' }).send(reference).expect(404);
    });

    it('and takes a token of the tenant from the built-in endpoint', async () => {
      const { clientId, clientSecret } = tenant.oauthClient;
      const { body } = await request(application.url)
        .post(`/auth/realms/${tenant.id}/protocol/openid-connect/token`)
        .type('form')
        .send({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })
        .expect(200);
      await cancel().auth(body.access_token, { type: 'bearer' }).send(reference).expect(404);
    });

    it('and refuses a call without any token', async () => {
      const { body, headers } = await cancel().send(reference).expect(401);
      expect(body).toEqual({ meta: expect.any(Object), error: missing });
      expect(headers['www-authenticate']).toBe('Bearer');
    });

    it.each([
      ['a token of nobody', { 'x-tenant-token': 'nobody' }],
      ['an empty token', { 'x-tenant-token': '' }],
      ['a bearer of nobody', { Authorization: 'Bearer nobody' }],
      ['another scheme', { Authorization: 'Basic bm9ib2R5Og==' }],
    ])('and refuses %s', async (_, headers) => {
      const { body } = await cancel().set(headers).send(reference).expect(401);
      expect(body.error).toEqual(invalid);
    });

    it('before it looks at what was sent', async () => {
      const { body } = await cancel().type('json').send('{').expect(401);
      expect(body.error).toEqual(missing);
    });
  });

  it('gives every answer an id, the caller’s where it is well formed', async () => {
    const given = await client.post('cancel', reference, { 'X-Request-Id': 'req-12345' }).expect(404);
    expect(given.body.meta.requestId).toBe('req-12345');
    expect(given.headers['x-request-id']).toBe('req-12345');
    const made = await client.post('cancel', reference, { 'X-Request-Id': 'not well formed' }).expect(404);
    expect(made.body.meta.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(made.headers['x-request-id']).toBe(made.body.meta.requestId);
  });

  const unreadable: [string, string, string, number, string][] = [
    ['malformed JSON', 'application/json', '{"id":', 400, 'BAD_REQUEST'],
    ['an array', 'application/json', '[]', 400, 'BAD_REQUEST'],
    ['deep nesting', 'application/json', '[{"a":'.repeat(500) + '1' + '}]'.repeat(500), 400, 'BAD_REQUEST'],
    ['a form', 'application/x-www-form-urlencoded', 'id=1', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['text', 'text/plain', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['70 kB', 'application/json', `{"id":"${'x'.repeat(70_000)}"}`, 413, 'PAYLOAD_TOO_LARGE'],
  ];
  it.each(unreadable)('refuses %s in its envelope', async (_, type, body, status, code) => {
    const answer = await client.post('cancel', body, { 'Content-Type': type }).expect(status);
    expect(answer.body.error).toMatchObject({ status, code });
  });

  it('refuses a body that is no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await cancel()
      .set({ 'x-tenant-token': tenant.token, 'Content-Type': 'application/json' })
      .serialize(() => bytes as unknown as string)
      .send({})
      .expect(400);
    expect(answer.body.error.code).toBe('BAD_REQUEST');
  });

  it('answers 404 at other addresses', async () => {
    const { body } = await request(application.url).post('/otp/nothing/here').expect(404);
    expect(body).toEqual({
      meta: expect.any(Object),
      error: { message: 'There is nothing at this address', code: 'NOT_FOUND', status: 404 },
    });
  });

  it.each(['create', 'cancel', 'verify', 'resend', 'consume'])('allows only POST at /otp/%s', async (action) => {
    for (const method of ['get', 'put', 'delete', 'patch'] as const) {
      const { body, headers } = await request(application.url)[method](`/otp/${action}`).expect(405);
      expect(body.error.code).toBe('METHOD_NOT_ALLOWED');
      expect(headers.allow).toBe('POST');
    }
  });

  describe('over https only', () => {
    let strict: TestApplication;
    beforeAll(async () => {
      strict = await openApplication({ ...behindProxy, requireHttps: true });
    });
    afterAll(() => strict.close());

    it('judges in order: https, rate limit, tenant, validation', async () => {
      const { token } = await registerTenant(strict.dataSource);
      const address = anyAddress();
      const call = (protocol: string, tenantToken: string) =>
        request(strict.url)
          .post('/otp/cancel')
          .set({ 'X-Forwarded-Proto': protocol, 'X-Forwarded-For': address, 'x-tenant-token': tenantToken })
          .send({});
      const plain = await call('http', token).expect(403);
      expect(plain.body.error.code).toBe('HTTPS_REQUIRED');
      expect(plain.headers).not.toHaveProperty('x-ratelimit-limit');
      expect((await call('https', token).expect(400)).body.error.code).toBe('VALIDATION_ERROR');
      expect((await call('https', 'nobody').expect(401)).body.error.code).toBe('INVALID_TENANT_TOKEN');
      for (let count = 2; count < 30; count += 1) await call('https', token).expect(400);
      expect((await call('https', 'nobody').expect(429)).body.error.code).toBe('TOO_MANY_REQUESTS');
    });
  });

  it('answers for an OTP of another tenant as for none, with the same words', async () => {
    const otp = await client.make();
    const stranger = new OtpClient(application, await registerTenant(application.dataSource));
    for (const action of ['cancel', 'verify', 'resend', 'consume']) {
      const foreign = await stranger.post(action, otp).expect(404);
      const unknown = await stranger.post(action, { ...otp, id: randomUUID() }).expect(404);
      expect(foreign.body.error).toEqual(unknown.body.error);
    }
    expect((await stranger.status(otp.id, otp.scope).expect(404)).body.error.code).toBe('OTP_NOT_FOUND');
  });
});
