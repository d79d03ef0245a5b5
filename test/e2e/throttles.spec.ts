import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import request, { type Response, type Test } from 'supertest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { anyAddress } from '../support/otp-client';
import { type ServerProcess, startServer } from '../support/server-process';

const adminToken = 'the-token-of-the-operator';
const perAddress = 3;
const perName = 5;
const adminPerName = 20;

describe('Where credentials and codes are tried, calls are limited', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let apiKey: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const names = ['ADMIN', 'TOKEN', 'OTP_STATUS', 'ENROLMENT'];
    const limits = names.flatMap((name) => [
      [`THROTTLE_${name}_PER_ADDRESS`, String(perAddress)],
      [`THROTTLE_${name}_PER_NAME`, String(perName)],
    ]);
    server = await startServer({
      DATABASE_URL: database.url,
      SANDBOX: 'true',
      ADMIN_TOKEN: adminToken,
      TRUST_PROXY: 'loopback',
      ...(Object.fromEntries(limits) as Record<string, string>),
      THROTTLE_ADMIN_PER_NAME: String(adminPerName),
    });
    const made = request(server.url).post('/admin/v1/api-keys').auth(adminToken, { type: 'bearer' });
    const { body } = await from(anyAddress(), made.send({ name: 'robot', role: 'admin' })).expect(201);
    apiKey = body.key;
  });
  afterAll(async () => {
    server.terminate();
    await server.ended;
    await database.drop();
  });

  const admin = (token: string) => request(server.url).get('/admin/v1/tenants').auth(token, { type: 'bearer' });
  const token = (clientId: string, clientSecret: string) =>
    request(server.url)
      .post('/auth/realms/demo/protocol/openid-connect/token')
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  const status = (tenantToken: string) =>
    request(server.url)
      .get('/otp/01ARZ3NDEKTSV4RRFFQ69G5FAV')
      .query({ scope: 'reset_password' })
      .set('x-tenant-token', tenantToken);
  const { x, y, crv, kty } = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey).export({
    format: 'jwk',
  });
  const enrol = (activationCode: string) =>
    request(server.url).post('/device/v1/enrolments').send({ activationCode, publicKey: { kty, crv, x, y } });
  const activationCode = async (): Promise<string> => {
    const { body } = await request(server.url)
      .post('/admin/v1/tenants/demo/users/alice/activation-codes')
      .set('X-Forwarded-For', anyAddress())
      .auth(adminToken, { type: 'bearer' })
      .expect(201);
    return body.activationCode;
  };

  const from = (address: string, call: Test): Test => call.set('X-Forwarded-For', address);
  const refusals = () =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ context }) => context === 'Throttle');
  const expectTooMany = ({ status: answered, headers }: Response): void => {
    expect(answered).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(3_600);
  };

  const problem = { status: 429, detail: 'Too many requests.' };
  const wrong = 'wrong-secret';
  /** The call with a wrong secret, what it is answered, and how the error format says that there were too many. */
  const doors: [string, () => Test, number, object, string | undefined][] = [
    ['admin', () => admin(wrong), 401, problem, undefined],
    ['admin', () => admin(`rescind_${wrong}`), 401, problem, undefined],
    ['token', () => token('a', wrong), 401, { error: 'invalid_request' }, 'demo/a'],
    ['otpStatus', () => status(wrong), 401, { error: expect.objectContaining({ status: 429 }) }, undefined],
    ['enrolment', () => enrol(wrong), 404, { status: 'TOO_MANY_REQUESTS' }, undefined],
  ];
  it.each(doors)(
    '%s: by address, logged with it and without the secret',
    async (throttle, call, answer, words, name) => {
      const address = anyAddress();
      for (let count = 0; count < perAddress; count += 1) await from(address, call()).expect(answer);
      const refused = await from(address, call());
      expectTooMany(refused);
      expect(refused.body).toMatchObject(words);
      await from(anyAddress(), call()).expect(answer);

      const logged = await eventually(() => {
        const lines = refusals().filter((line) => line.address === address);
        return Promise.resolve(lines.length > perAddress && lines);
      });
      expect(logged.map((line) => [line.level, line.throttle, line.name, line.status])).toEqual([
        ...Array.from({ length: perAddress }, () => ['warn', throttle, name, answer]),
        ['warn', throttle, undefined, 429],
      ]);
      expect(server.output()).not.toContain(wrong);
    },
  );

  const named: [string, string, (code: string) => Test, number, number][] = [
    ['token', 'demo/demo-client', () => token('demo-client', 'demo-secret'), 200, perName],
    ['otpStatus', 'demo/tenant:demo', () => status('demo-tenant-token'), 404, perName],
    ['enrolment', 'demo', enrol, 201, perName],
    // Each enrolment, the refused one too, took a code from there, and the key was made there.
    ['admin', 'admin', () => admin(adminToken), 200, adminPerName - perName - 2],
    ['admin', 'key:robot', () => admin(apiKey), 200, adminPerName],
  ];
  it.each(named)('%s: by name, from whichever address', async (throttle, name, call, answer, allowed) => {
    const callOnce = async () => from(anyAddress(), call(throttle === 'enrolment' ? await activationCode() : ''));
    for (let count = 0; count < allowed; count += 1) expect((await callOnce()).status).toBe(answer);
    const refused = await callOnce();
    expectTooMany(refused);
    await eventually(() =>
      Promise.resolve(
        refusals().some((line) => line.throttle === throttle && line.name === name && line.status === 429),
      ),
    );
  });
});
