import { ask, type Question } from '../support/ask';
import { Credentials } from '../support/credentials';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { openApplication, type TestApplication } from '../support/test-app';

describe('Every answer', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let credentials: Credentials;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, publicUrl: 'https://sign.example' });
    tenant = await registerTenant(application.dataSource);
    credentials = await Credentials.of(tenant, application.url);
  });
  afterAll(() => application.close());

  const json = ['Content-Type', 'application/json'];
  const answers: [string, number, string, Question][] = [
    ['a secret', 201, 'admin', { method: 'POST', path: '/admin/v1/tenants/{tenant}/tokens', body: '{"name":"a"}' }],
    ['devices', 200, 'bearer', { method: 'GET', path: '/digitanium/v4/users/alice/devices' }],
    [
      'a refusal',
      404,
      'tenant',
      { method: 'POST', path: '/otp/cancel', body: '{"id":"01M800TYAEFH2VHA2D72ZTCWTH","scope":"reset_password"}' },
    ],
    ['a stranger', 401, 'public', { method: 'POST', path: '/api/v3/sign-requests/cancel' }],
    ['what no route serves', 404, 'public', { method: 'GET', path: '/nothing' }],
    ['a wrong link', 404, 'public', { method: 'GET', path: '/sign/none' }],
  ];
  it.each(answers)('to %s is not stored, and is of the type that it names', async (_, status, by, question) => {
    const path = question.path.replace('{tenant}', tenant.id);
    const headers = [...json, ...(await credentials.headersFor(by))];
    const answer = await ask(application.url, { ...question, path, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': expect.stringMatching(/; charset=utf-8$|^application\/(problem\+)?json$/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'strict-transport-security': expect.stringMatching(/^max-age=31536000/),
      'content-security-policy': expect.stringContaining("base-uri '"),
    });
    for (const name of ['x-powered-by', 'server', 'etag', 'access-control-allow-origin'])
      expect(answer.headers).not.toHaveProperty(name);
  });

  it('with a script of the portal may be stored, and for one that does not exist may not', async () => {
    const scripts = (name: string) => ask(application.url, { method: 'GET', path: `/sign-assets/portal/${name}` });
    expect((await scripts('portal.mjs')).headers['cache-control']).toBe('public, max-age=3600');
    expect((await scripts('none.mjs')).headers['cache-control']).toBe('no-store');
  });
});
