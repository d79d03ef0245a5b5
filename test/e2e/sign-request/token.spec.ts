import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import request, { type Response } from 'supertest';
import { RelyingParty } from '../../../src/accounts/tenants/tenant.entities';
import { type Curve, registerRelyingParty, registerTenant, TestRelyingParty } from '../../support/fixtures';
import { openJwksServer } from '../../support/jwks-server';
import { initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const unauthorized = {
  status: 401,
  challenge: 'Bearer',
  body: { error: 'UNAUTHORIZED', error_description: 'The authorization token is missing or invalid' },
};

const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('the token of a relying party', () => {
  let application: TestApplication;
  let tenantId: string;
  let party: TestRelyingParty;
  beforeAll(async () => {
    application = await openApplication({ allowPrivateTargets: true }, 2);
    ({ id: tenantId, relyingParty: party } = await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const cancelAt = async (url: string, authorization?: string | string[]) => {
    const call = request(url).post('/api/v3/sign-requests/cancel');
    // Supertest types one value; node sends an array as headers of their own.
    const response = await (authorization === undefined ? call : call.set('authorization', authorization as string));
    return answer(response);
  };
  const cancel = (authorization?: string | string[]) => cancelAt(application.url, authorization);
  const answer = ({ status, headers, body }: Response) => ({
    status,
    challenge: headers['www-authenticate'],
    body: body as object,
  });
  /** A caller that is let in is answered that there is no such request. */
  const letIn = {
    status: 400,
    challenge: undefined,
    body: { error: 'CLIENT_SIDE_ERROR', error_description: 'No record found' },
  };

  describe('lets in', () => {
    it.each<Curve>(['P-256', 'P-384', 'P-521'])('a key on %s', async (curve) => {
      const other = TestRelyingParty.create(undefined, curve);
      await registerRelyingParty(application.dataSource, tenantId, other);
      expect(await cancel(await other.token())).toEqual(letIn);
    });

    it('a token behind the word Bearer', async () => {
      expect(await cancel(`Bearer ${await party.token()}`)).toEqual(letIn);
    });

    it('a token without kid, where the party has a single key', async () => {
      expect(await cancel(await party.token({}, { kid: undefined }))).toEqual(letIn);
    });

    it('exactly 120 seconds, and clocks five seconds apart', async () => {
      const now = nowSeconds();
      expect(await cancel(await party.token({ iat: now, exp: now + 120 }))).toEqual(letIn);
      expect(await cancel(await party.token({ iat: now + 4, exp: now + 124 }))).toEqual(letIn);
      expect(await cancel(await party.token({ iat: now - 120, exp: now - 2 }))).toEqual(letIn);
    });

    it('client_id and client_request that agree', async () => {
      expect(await cancel(await party.token({ client_request: party.clientId }))).toEqual(letIn);
      expect(await cancel(await party.token({ client_id: undefined, client_request: party.clientId }))).toEqual(letIn);
    });

    it('each jti of a client once, over all nodes', async () => {
      const urls = application.nodes.map(({ url }) => url);
      const token = await party.token({ jti: randomUUID() });
      const answers = await Promise.all([...urls, ...urls].map((url) => cancelAt(url, token)));
      expect(answers.filter(({ status }) => status === letIn.status)).toEqual([letIn]);
      expect(answers.filter(({ status }) => status === 401)).toEqual([unauthorized, unauthorized, unauthorized]);
    });

    it('the same jti from another client', async () => {
      const other = await registerRelyingParty(application.dataSource, tenantId);
      const jti = randomUUID();
      expect(await cancel(await party.token({ jti }))).toEqual(letIn);
      expect(await cancel(await other.token({ jti }))).toEqual(letIn);
    });

    it('a token without jti, as often as it is sent', async () => {
      const token = await party.token();
      expect([await cancel(token), await cancel(token)]).toEqual([letIn, letIn]);
    });
  });

  describe('with keys behind a URL', () => {
    it('is verified by what is published there, and by a key that was added since', async () => {
      const server = await openJwksServer();
      const [first, second] = [TestRelyingParty.create(), TestRelyingParty.create()];
      const [{ clientId }, jwksUrl] = [first, server.url];
      await application.dataSource.manager.insert(RelyingParty, { clientId, tenantId, name: 'By URL', jwksUrl });
      server.publish(first.publicJwk);
      expect(await cancel(await first.token())).toEqual(letIn);
      expect(await cancel(await first.token())).toEqual(letIn);
      expect(server.asked).toBe(1);

      server.publish(first.publicJwk, second.publicJwk);
      expect(await cancel(await second.token({ client_id: clientId }))).toEqual(letIn);
      expect(server.asked).toBe(2);
      const unknown = TestRelyingParty.create();
      expect(await cancel(await unknown.token({ client_id: clientId }))).toEqual(unauthorized);
      expect(server.asked).toBe(2);
      await server.close();
    });

    it('is not asked for at a private address, unless that is allowed', async () => {
      const server = await openJwksServer();
      const guarded = await openApplication();
      const tenant = await registerTenant(guarded.dataSource);
      const other = TestRelyingParty.create();
      server.publish(other.publicJwk);
      const row = { clientId: other.clientId, tenantId: tenant.id, name: 'Private', jwksUrl: server.url };
      await guarded.dataSource.manager.insert(RelyingParty, row);
      expect(await cancelAt(guarded.url, await other.token())).toEqual(unauthorized);
      expect(server.asked).toBe(0);
      await guarded.close();
      await server.close();
    });
  });

  describe('answers one and the same 401 to', () => {
    const claims: [string, () => object][] = [
      ['more than 120 seconds', () => ({ exp: nowSeconds() + 121, iat: nowSeconds() })],
      ['an end that has passed', () => ({ iat: nowSeconds() - 60, exp: nowSeconds() - 6 })],
      ['a beginning in the future', () => ({ iat: nowSeconds() + 10, exp: nowSeconds() + 60 })],
      ['an end before its beginning', () => ({ iat: nowSeconds() + 4, exp: nowSeconds() + 3 })],
      ['no iat', () => ({ iat: undefined })],
      ['no exp', () => ({ exp: undefined })],
      ['a text for exp', () => ({ exp: String(nowSeconds() + 60) })],
      ['an nbf in the future', () => ({ nbf: nowSeconds() + 60 })],
      ['no client', () => ({ client_id: undefined })],
      ['an unknown client', () => ({ client_id: 'nobody' })],
      ['a number for a client', () => ({ client_id: 7 })],
      ['client_id and client_request at odds', () => ({ client_request: 'another' })],
      ['a jti that is no UUID', () => ({ jti: 'once' })],
      ['a null jti', () => ({ jti: null })],
    ];
    it.each(claims)('claims with %s', async (_, change) => {
      expect(await cancel(await party.token({ ...change() }))).toEqual(unauthorized);
    });

    const headers: [string, object][] = [
      ['an unknown kid', { kid: randomUUID() }],
      ['a kid that is no text', { kid: 7 }],
      ['b64', { b64: true }],
      ['crit', { crit: ['exp'], exp: 1 }],
    ];
    it.each(headers)('a header with %s', async (_, header) => {
      // The library refuses to sign some of these, so it is made to take the header for an understood one.
      const token = new SignJWT({ client_id: party.clientId, iat: nowSeconds(), exp: nowSeconds() + 60 })
        .setProtectedHeader({ alg: 'ES256', kid: party.kid, ...header })
        .sign(party.privateKey, { crit: { exp: true } });
      expect(await cancel(await token)).toEqual(unauthorized);
    });

    it('a key that the header itself brings', async () => {
      const forger = TestRelyingParty.create(party.clientId);
      const token = await forger.token({}, { kid: party.kid, jwk: forger.publicJwk });
      expect(await cancel(token)).toEqual(unauthorized);
    });

    it('a token without kid, where the party has several keys', async () => {
      const other = TestRelyingParty.create();
      const row = { clientId: other.clientId, tenantId, name: 'Two keys' };
      const jwks = { keys: [other.publicJwk, TestRelyingParty.create().publicJwk] };
      await application.dataSource.manager.insert(RelyingParty, { ...row, jwks });
      expect(await cancel(await other.token({}, { kid: undefined }))).toEqual(unauthorized);
      expect(await cancel(await other.token())).toEqual(letIn);
    });

    it("another party's signature", async () => {
      const other = await registerRelyingParty(application.dataSource, tenantId);
      expect(await cancel(await other.token({ client_id: party.clientId }))).toEqual(unauthorized);
      expect(await cancel(await other.token({ client_id: party.clientId }, { kid: party.kid }))).toEqual(unauthorized);
    });

    const forged: [string, (token: string) => string][] = [
      ['nothing at all', () => ''],
      ['Bearer and nothing', () => 'Bearer '],
      ['Basic', (token) => `Basic ${token}`],
      ['no token', () => 'nonsense'],
      ['two parts', (token) => token.split('.').slice(0, 2).join('.')],
      ['no signature', (token) => token.replace(/[^.]+$/, '')],
      ['padding', (token) => `${token}==`],
      ['white space within', (token) => token.replace('.', '. ')],
      ['other claims under the signature', (token) => replacePart(token, 1, encode({ client_id: 'x' }))],
      ['alg none', (token) => replacePart(replacePart(token, 0, encode({ alg: 'none' })), 2, '')],
      ['alg HS256', (token) => replacePart(token, 0, encode({ alg: 'HS256' }))],
      ["another curve's alg", (token) => replacePart(token, 0, encode({ alg: 'ES384' }))],
      ['claims that are no JSON', (token) => replacePart(token, 1, encode('{'))],
      ['claims that are a list', (token) => replacePart(token, 1, encode('[]'))],
      ['a token of 100 kB', (token) => token + 'A'.repeat(100_000)],
    ];
    it.each(forged)('%s', async (_, forge) => {
      expect(await cancel(forge(await party.token()))).toEqual(unauthorized);
    });

    it('no header', async () => {
      expect(await cancel()).toEqual(unauthorized);
    });

    it('two Authorization headers, even equal ones', async () => {
      const token = await party.token();
      expect(await cancel([token, token])).toEqual(unauthorized);
      expect(await cancel([token, 'nonsense'])).toEqual(unauthorized);
    });
  });

  it("leaves another client's requests alone", async () => {
    const { request_id } = await initiate(application.url, party);
    const other = await registerRelyingParty(application.dataSource, tenantId);
    expect(await cancel(await other.token({ request_id }))).toEqual(letIn);
  });

  it('is asked for before anything else of the call is looked at', async () => {
    const call = request(application.url)
      .post('/api/v3/sign-requests')
      .set('content-type', 'text/plain')
      .send('nonsense');
    expect(answer(await call)).toEqual(unauthorized);
  });
});

function replacePart(token: string, index: number, part: string): string {
  const parts = token.split('.');
  parts[index] = part;
  return parts.join('.');
}
