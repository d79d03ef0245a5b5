import { randomUUID } from 'node:crypto';
import { ask, type Question } from '../support/ask';
import { Credentials } from '../support/credentials';
import { expectEnvelope } from '../support/envelopes';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { openApplication, openNode, type TestApplication } from '../support/test-app';

/** A route of each error format that reads a JSON body, and who may call it. */
const jsonDoors = (tenantId: string) =>
  [
    { by: 'bearer', method: 'DELETE', path: '/digitanium/v4/users/signature/alice', allow: 'DELETE', mediaType: 400 },
    {
      by: 'bearer',
      method: 'DELETE',
      path: `/auth/realms/${tenantId}/v3_user/cancelsignature/alice`,
      allow: 'DELETE',
      mediaType: 400,
    },
    { by: 'public', method: 'POST', path: '/device/v1/enrolments', allow: 'POST', mediaType: 400 },
    { by: 'tenant', method: 'POST', path: '/otp/cancel', allow: 'POST', mediaType: 415 },
    { by: 'admin', method: 'POST', path: '/admin/v1/tenants', allow: 'GET, POST', mediaType: 415 },
    { by: 'public', method: 'POST', path: '/sandbox/clock', allow: 'POST', mediaType: 415 },
  ] as const;

/** The same of the error formats whose bodies are something else, or nothing. */
const otherDoors = (tenantId: string) =>
  [
    { by: 'relying-party', method: 'POST', path: '/api/v3/sign-requests/cancel', allow: 'POST' },
    { by: 'public', method: 'POST', path: `/auth/realms/${tenantId}/protocol/openid-connect/token`, allow: 'POST' },
  ] as const;

const json = ['Content-Type', 'application/json'];

describe('Failures before any controller', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let credentials: Credentials;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, trustProxy: 1 });
    tenant = await registerTenant(application.dataSource);
    credentials = await Credentials.of(tenant, application.url);
  });
  afterAll(() => application.close());

  /** Expects a status, in the envelope of the path's error format. */
  const expectRefusal = async (question: Question, status: number, url = application.url) => {
    const answer = await ask(url, question);
    expect({ ...question, status: answer.status }).toEqual({ ...question, status });
    expectEnvelope(question.path, answer);
    return answer;
  };

  it('malformed JSON is answered in the API’s own envelope', async () => {
    for (const { by, method, path } of jsonDoors(tenant.id)) {
      const headers = [...json, ...(await credentials.headersFor(by))];
      await expectRefusal({ method, path, headers, body: '{"id": ' }, 400);
    }
  });

  it('another media type is answered 415', async () => {
    for (const { by, method, path, mediaType } of jsonDoors(tenant.id)) {
      const headers = ['Content-Type', 'text/plain', ...(await credentials.headersFor(by))];
      await expectRefusal({ method, path, headers, body: 'id=1' }, mediaType);
    }
    const pdf = ['Content-Type', 'text/plain', ...(await credentials.headersFor('relying-party'))];
    await expectRefusal({ method: 'POST', path: '/api/v3/sign-requests', headers: pdf, body: '%PDF' }, 415);
  });

  it('a body that is too large is answered 413', async () => {
    const body = JSON.stringify({ id: 'a'.repeat(64 * 1024) });
    for (const { by, method, path } of jsonDoors(tenant.id)) {
      const headers = [...json, ...(await credentials.headersFor(by))];
      await expectRefusal({ method, path, headers, body }, 413);
    }
    const form = ['Content-Type', 'application/x-www-form-urlencoded'];
    const path = `/auth/realms/${tenant.id}/protocol/openid-connect/token`;
    await expectRefusal({ method: 'POST', path, headers: form, body: `a=${body}` }, 413);
  });

  it('an unknown address is answered 404', async () => {
    const bases = [
      ['/api/v3', '/digitanium', '/digitanium/v4/devices', '/device', '/otp', '/admin', '/sandbox', ''],
      [`/auth/realms/${tenant.id}/v3_user`, `/auth/realms/${tenant.id}/protocol`],
    ].flat();
    for (const base of bases)
      for (const method of ['GET', 'POST', 'PATCH']) await expectRefusal({ method, path: `${base}/x/y/z` }, 404);
  });

  it('an address that cannot be decoded is answered 400', async () => {
    for (const path of [
      '/digitanium/v4/users/signature/%ff',
      '/admin/v1/tenants/%',
      '/auth/realms/%c0%80/v3_user/cancelsignature/a',
    ])
      await expectRefusal({ method: 'DELETE', path, headers: await credentials.headersFor('bearer') }, 400);
  });

  it('another method is answered 405, with those that are allowed', async () => {
    for (const { path, allow } of [...jsonDoors(tenant.id), ...otherDoors(tenant.id)]) {
      const { headers } = await expectRefusal({ method: 'PATCH', path }, 405);
      expect(headers.allow).toBe(allow);
    }
  });

  it('plain http where https is required is answered 403, before anything else is judged', async () => {
    const strict = await openNode(application.database, { requireHttps: true });
    const behindProxy = await openNode(application.database, { requireHttps: true, trustProxy: 1 });
    const forwarded = ['X-Forwarded-Proto', 'https'];
    for (const { path } of [...jsonDoors(tenant.id), ...otherDoors(tenant.id), { path: '/nowhere' }]) {
      await expectRefusal({ method: 'PATCH', path }, 403, strict.url);
      // A caller may not say so of itself.
      await expectRefusal({ method: 'PATCH', path, headers: forwarded }, 403, strict.url);
      await expectRefusal({ method: 'PATCH', path }, 403, behindProxy.url);
      await expectRefusal({ method: 'PATCH', path, headers: ['X-Forwarded-Proto', 'http'] }, 403, behindProxy.url);
      const { status } = await ask(behindProxy.url, { method: 'PATCH', path, headers: forwarded });
      expect(status).toBe(path === '/nowhere' ? 404 : 405);
    }
    await Promise.all([strict.close(), behindProxy.close()]);
  });

  describe('with a broken database', () => {
    let broken: TestApplication;
    let questions: Question[];
    beforeAll(async () => {
      broken = await openApplication({ sandbox: true });
      const itsTenant = await registerTenant(broken.dataSource);
      const its = await Credentials.of(itsTenant, broken.url);
      questions = await Promise.all(
        [...jsonDoors(itsTenant.id), ...otherDoors(itsTenant.id)].map(async ({ by, method, path }) => {
          const isForm = path.endsWith('/token');
          const type = isForm ? ['Content-Type', 'application/x-www-form-urlencoded'] : json;
          const body = isForm ? clientCredentials : bodies[path.split('/')[1]!];
          return { method, path, headers: [...type, ...(await its.headersFor(by))], body };
        }),
      );
      questions.push({ method: 'GET', path: `/sign/${randomUUID()}` });
    });
    afterAll(() => broken.close());

    const clientCredentials = 'grant_type=client_credentials&client_id=unknown&client_secret=x';

    it('an unforeseen failure is answered 500', async () => {
      await broken.dataSource.query('ALTER SCHEMA public RENAME TO elsewhere');
      for (const question of questions) await expectRefusal(question, 500, broken.url);
      await broken.dataSource.query('ALTER SCHEMA elsewhere RENAME TO public');
    });

    it('an outage is answered 503, with Retry-After', async () => {
      await broken.database.cutOff();
      for (const question of questions) {
        const { headers, text } = await expectRefusal(question, 503, broken.url);
        expect(headers['retry-after']).toBe('1');
        if (question.path.endsWith('/token')) expect(text).toContain('"error":"temporarily_unavailable"');
      }
    });
  });

  const signature = JSON.stringify({ deviceId: ['-1'], transactionId: 'demo' });
  const bodies: Record<string, string> = {
    digitanium: signature,
    auth: signature,
    otp: JSON.stringify({ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', scope: 'otp_signin' }),
    device: JSON.stringify({ activationCode: 'AAAAA-AAAAA', publicKey: {} }),
    admin: JSON.stringify({ id: 'acme' }),
    sandbox: JSON.stringify({ offsetSeconds: 0 }),
  };
});
