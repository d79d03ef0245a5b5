import request from 'supertest';
import { fieldsOf, fiveSecondsLater, useRegistered } from '../../support/registered';
import { accessToken, TestBackend } from '../../support/signatures';

const registered = useRegistered();
const { call, change } = registered;

describe('a tenant token:', () => {
  const make = async (body: object) =>
    (await call('post', `${registered.tenant.id}/tokens`, { name: 'job', ...body }).expect(201)).body;
  const use = async (token: string, url = registered.here) =>
    request(url).post('/otp/cancel').set('x-tenant-token', token).send({});
  /** 400: the token is known, and only the body is found wanting. */
  const serves = async (token: string, url = registered.here) => (await use(token, url)).status === 400;
  const soon = () => new Date(Date.now() + 4_000).toISOString();

  it('is over at its end on every node, as a wrong one is', async () => {
    const { token } = await make({ expiresAt: soon() });
    for (const url of [registered.here, registered.there]) expect(await serves(token, url)).toBe(true);
    await fiveSecondsLater(async () => {
      for (const url of [registered.here, registered.there]) {
        const { status, body } = await use(token, url);
        expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'INVALID_TENANT_TOKEN' });
      }
    });
  });

  it('is given an end, a later one, and none', async () => {
    const { id, token } = await make({});
    const expiresAt = '2040-01-01T00:00:00.000Z';
    const { body } = await change(`tokens/${id}`, { expiresAt }).expect(200);
    expect(body).toEqual({ id, name: 'job', createdAt: expect.any(String), expiresAt });
    expect((await change(`tokens/${id}`, {}).expect(200)).body).toEqual(body);
    expect((await call('get', `${registered.tenant.id}/tokens`).expect(200)).body.items).toContainEqual(body);
    await change(`tokens/${id}`, { expiresAt: null }).expect(200);
    expect(await serves(token)).toBe(true);
    await change(`tokens/${id}`, { expiresAt: soon() }).expect(200);
    await fiveSecondsLater(async () => {
      expect(await serves(token)).toBe(false);
    });
  });

  it.each([['2020-01-01T00:00:00Z'], ['tomorrow'], [7]])('is not made or changed to end at %j', async (expiresAt) => {
    expect(
      fieldsOf(await call('post', `${registered.tenant.id}/tokens`, { name: 'job', expiresAt }).expect(400)),
    ).toEqual(['expiresAt']);
    const { id } = await make({});
    expect(fieldsOf(await change(`tokens/${id}`, { expiresAt }).expect(400))).toEqual(['expiresAt']);
  });
});

describe('an OAuth client:', () => {
  const path = 'oauth-clients/backend';
  const grants = async (clientSecret: string, url = registered.here) => {
    const oauthClient = { clientId: 'backend', clientSecret };
    const answer = await request(url)
      .post(`/auth/realms/${registered.tenant.id}/protocol/openid-connect/token`)
      .type('form')
      .auth(oauthClient.clientId, oauthClient.clientSecret)
      .send({ grant_type: 'client_credentials' });
    return answer.status === 200;
  };
  const replace = async (body: object) => {
    const answer = await call('post', `${registered.tenant.id}/${path}/secret`, body).expect(201);
    expect(answer.body).toEqual({ clientId: 'backend', clientSecret: expect.stringMatching(/^[\w-]{43}$/) });
    return answer.body.clientSecret as string;
  };

  it('is given a name', async () => {
    const { body } = await change(path, { name: 'Backend of the shop' }).expect(200);
    expect(body).toMatchObject({ clientId: 'backend', name: 'Backend of the shop', scopes: [] });
    expect((await change(path, {}).expect(200)).body).toEqual(body);
    expect((await change(path, { name: null }).expect(200)).body.name).toBeNull();
  });

  it('is given scopes, and keeps its name', async () => {
    await change(path, { name: 'Backend of the shop' }).expect(200);
    const { body } = await change(path, { scopes: ['recall'] }).expect(200);
    expect(body).toMatchObject({ name: 'Backend of the shop', scopes: ['recall'] });
    expect((await change(path, { scopes: null }).expect(200)).body.scopes).toEqual([]);
    await change(path, { scopes: ['all'] }).expect(400);
  });

  it('gets another secret; the one before is refused, and the tokens that it got serve on', async () => {
    const { clientSecret: first } = registered.tenant.oauthClient;
    const token = await accessToken(registered.here, registered.tenant);
    expect(await grants(first, registered.there)).toBe(true);
    const second = await replace({});
    expect([await grants(first), await grants(second)]).toEqual([false, true]);
    await fiveSecondsLater(async () => {
      expect([await grants(first, registered.there), await grants(second, registered.there)]).toEqual([false, true]);
    });
    await new TestBackend(registered.here, registered.tenant.id, token).devices().expect(200);
  });

  it('is known by both secrets for as long as is said', async () => {
    const { clientSecret: first } = registered.tenant.oauthClient;
    const second = await replace({ overlapSeconds: 604_800 });
    expect([await grants(first), await grants(second)]).toEqual([true, true]);
    const third = await replace({ overlapSeconds: 4 });
    expect([await grants(first), await grants(second), await grants(third)]).toEqual([false, true, true]);
    await fiveSecondsLater(async () => {
      expect([await grants(second), await grants(third)]).toEqual([false, true]);
    });
  });

  it.each([-1, 604_801, 0.5, '60'])('is not known by both for %j seconds', async (overlapSeconds) => {
    const answer = await call('post', `${registered.tenant.id}/${path}/secret`, { overlapSeconds }).expect(400);
    expect(fieldsOf(answer)).toEqual(['overlapSeconds']);
  });

  it('that is not there gets none', async () => {
    await call('post', `${registered.tenant.id}/oauth-clients/none/secret`, {}).expect(404);
  });
});
