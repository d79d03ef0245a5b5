import { randomUUID } from 'node:crypto';
import request, { type Response, type Test } from 'supertest';
import { OperatorsProvider } from '../../support/operators-provider';
import { TestBrowser } from '../../support/test-browser';
import { openApplication, openNode, testAdminToken, type TestApplication } from '../../support/test-app';

const adminUrl = 'https://admin.example';
const cookieName = '__Host-rescind-operator';

const accounts = {
  alice: { preferred_username: 'alice', roles: ['other', 'viewer', 'support'], tenants: ['own', 'other'] },
  root: { email: 'root@example.com', roles: 'admin' },
  nobody: { preferred_username: 'nobody', roles: ['owner'], tenants: ['own'] },
};

describe('Operators with a browser', () => {
  let provider: OperatorsProvider;
  let application: TestApplication;
  beforeAll(async () => {
    provider = await OperatorsProvider.start(accounts, adminUrl);
    application = await openApplication({ operators: provider.settings }, 2);
  });
  afterAll(async () => {
    await application.close();
    await provider.stop();
  });

  const asAdmin = (path: string): Test =>
    request(application.url).get(`/admin/v1${path}`).auth(testAdminToken, { type: 'bearer' });

  const browser = () => new TestBrowser(application.url);
  const logIn = async (visitor: TestBrowser, login: string, query = ''): Promise<Response> => {
    const away = await visitor.ask('get', `/admin/login${query}`);
    return visitor.ask('get', pathOf(await provider.logIn(away.headers.location!, login)));
  };
  const pathOf = (url: string): string => url.slice(adminUrl.length);
  const whoIs = (visitor: TestBrowser) => visitor.ask('get', '/admin/v1/session');

  describe('log in', () => {
    it('by code, PKCE, state and nonce, and have a session on every node', async () => {
      const visitor = browser();
      const away = await visitor.ask('get', '/admin/login');
      expect(away.status).toBe(303);
      const { searchParams, origin } = new URL(away.headers.location!);
      expect(origin).toBe(provider.issuer);
      expect(Object.fromEntries(searchParams)).toEqual({
        client_id: 'rescind',
        response_type: 'code',
        redirect_uri: `${adminUrl}/admin/callback`,
        scope: 'openid profile email',
        state: expect.stringMatching(/^[\w-]{43}$/),
        nonce: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
      });
      const back = await visitor.ask('get', pathOf(await provider.logIn(away.headers.location!, 'alice')));
      expect(back.status).toBe(303);
      expect(back.headers.location).toBe(`${adminUrl}/admin/v1/session`);
      const cookie = visitor.lastSet.find((each) => each.startsWith(`${cookieName}=`));
      expect(cookie).toMatch(/^__Host-rescind-operator=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      for (const { url } of application.nodes) {
        const shown = await whoIs(visitor.at(url));
        expect({ status: shown.status, body: shown.body }).toEqual({
          status: 200,
          body: { actor: 'operator:alice/alice', name: 'alice', role: 'support', tenants: ['own', 'other'] },
        });
      }
      const rows = JSON.stringify(
        await application.dataSource.query('SELECT operator_session::text FROM operator_session'),
      );
      expect(rows).toContain('operator:alice/alice');
      expect(rows).not.toContain(visitor.cookies.get(cookieName)!);
    });

    it('and with another log-in the session before ends', async () => {
      const visitor = browser();
      await logIn(visitor, 'alice');
      const before = visitor.at(application.url);
      await logIn(visitor, 'root');
      expect(visitor.cookies.get(cookieName)).not.toBe(before.cookies.get(cookieName));
      expect((await whoIs(visitor)).body.name).toBe('root@example.com');
      expect((await whoIs(before)).status).toBe(401);
    });

    it('and out, on every node at once', async () => {
      const visitor = browser();
      await logIn(visitor, 'alice');
      const copy = visitor.at(application.nodes[1]!.url);
      expect((await whoIs(copy)).status).toBe(200);
      const out = await visitor.ask('delete', '/admin/v1/session', { origin: adminUrl });
      expect(out.status).toBe(204);
      expect(visitor.cookies.has(cookieName)).toBe(false);
      expect((await whoIs(copy)).status).toBe(401);
    });

    it.each([
      ['which ends after half an hour without a call', `seen_at = seen_at - interval '30 minutes'`, 401],
      ['which goes on with a call each half an hour', `seen_at = seen_at - interval '29 minutes'`, 200],
      ['which ends after eight hours all the same', `ends_at = ends_at - interval '8 hours'`, 401],
    ])('for a session %s', async (_, age, status) => {
      const visitor = browser();
      await logIn(visitor, 'alice');
      await application.dataSource.query(`UPDATE operator_session SET ${age}`);
      expect((await whoIs(visitor)).status).toBe(status);
      await application.dataSource.query(`UPDATE operator_session SET ${age}`);
      expect((await whoIs(visitor)).status).toBe(status);
    });

    it('and come to the page that they asked for, if it is one of this server', async () => {
      for (const [to, destination] of [
        ['/admin/v1/tenants?limit=1', `${adminUrl}/admin/v1/tenants?limit=1`],
        [`${adminUrl}/console`, `${adminUrl}/console`],
        ['//evil.example', `${adminUrl}/admin/v1/session`],
        ['https://evil.example/', `${adminUrl}/admin/v1/session`],
        ['/\\evil.example', `${adminUrl}/admin/v1/session`],
        ['/.//evil.example', `${adminUrl}//evil.example`],
        ['javascript:alert(1)', `${adminUrl}/admin/v1/session`],
      ]) {
        const back = await logIn(browser(), 'alice', `?to=${encodeURIComponent(to!)}`);
        expect([to, back.headers.location]).toEqual([to, destination]);
      }
    });

    it('but not by the answer to another log-in, nor twice by one', async () => {
      const [one, other] = [browser(), browser()];
      const away = await one.ask('get', '/admin/login');
      const callback = pathOf(await provider.logIn(away.headers.location!, 'root'));
      await other.ask('get', '/admin/login');
      const refused = { status: 403, code: 'LOGIN_FAILED' };
      const outcome = ({ status, body }: Response) => ({ status, code: body.code as unknown });
      expect(outcome(await other.ask('get', callback))).toEqual(refused);
      expect(outcome(await browser().ask('get', callback))).toEqual(refused);
      expect((await one.ask('get', callback)).status).toBe(303);
      expect(outcome(await one.ask('get', callback))).toEqual(refused);
      expect(outcome(await one.ask('get', '/admin/callback?error=access_denied'))).toEqual(refused);
    });

    it('but not without a role, and then have no session', async () => {
      const visitor = browser();
      const back = await logIn(visitor, 'nobody');
      expect({ status: back.status, code: back.body.code }).toEqual({ status: 403, code: 'NO_ROLE' });
      expect(visitor.cookies.has(cookieName)).toBe(false);
    });

    it('with claims that only the userinfo endpoint tells', async () => {
      const strict = await OperatorsProvider.start(accounts, adminUrl, true);
      const node = await openNode(application.database, { operators: strict.settings });
      const visitor = new TestBrowser(node.url);
      const away = await visitor.ask('get', '/admin/login');
      await visitor.ask('get', pathOf(await strict.logIn(away.headers.location!, 'alice')));
      expect((await whoIs(visitor)).body).toMatchObject({ role: 'support', tenants: ['own', 'other'] });
      await node.close();
      await strict.stop();
    });
  });

  it.each([
    ['from a page of this server', { origin: adminUrl, 'sec-fetch-site': 'same-origin' }, 201],
    ['from such a page, by an older browser', { origin: adminUrl }, 201],
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
    ['from another host of the same site', { origin: 'https://other.example', 'sec-fetch-site': 'same-site' }, 403],
    ['from a page that hides its origin', { origin: 'null' }, 403],
    ['from the address bar', { 'sec-fetch-site': 'none' }, 403],
    ['without a word of it', {}, 403],
  ])('change something by cookie %s: %j → %i', async (_, headers, status) => {
    const visitor = browser();
    await logIn(visitor, 'root');
    const id = `tenant-${randomUUID()}`;
    const answer = await visitor.ask('post', '/admin/v1/tenants', headers, { id });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.code).toBe('CROSS_SITE');
    await asAdmin(`/tenants/${id}`).expect(status === 201 ? 200 : 404);
    // Reading needs no such word.
    expect((await visitor.ask('get', '/admin/v1/tenants', headers)).status).toBe(200);
  });

  it('are judged by the token alone where they show one beside a session', async () => {
    const visitor = browser();
    await logIn(visitor, 'root');
    const answer = await visitor.ask('get', '/admin/v1/tenants', { authorization: 'Bearer wrong' });
    expect(answer.status).toBe(401);
  });

  it('are recorded when they log in and out', async () => {
    const visitor = browser();
    await logIn(visitor, 'alice');
    await visitor.ask('delete', '/admin/v1/session', { origin: adminUrl });
    const { body } = await asAdmin('/audit?actor=operator:alice/alice&limit=2').expect(200);
    expect(body.items).toMatchObject([
      { method: 'DELETE', route: '/admin/v1/session', role: 'support', status: 204 },
      { method: 'GET', route: '/admin/callback', role: 'support', status: 303 },
    ]);
    expect(JSON.stringify(body.items)).not.toContain('code');
  });
});
