import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { registerTenant, TestRelyingParty } from '../../support/fixtures';
import { type JwksServer, openJwksServer } from '../../support/jwks-server';
import { phoneIn, PortalVisitor } from '../../support/portal-visitor';
import { Receiver } from '../../support/receiver';
import { fieldsOf, fiveSecondsLater, useRegistered } from '../../support/registered';
import { TestBackend } from '../../support/signatures';
import { callCancel, initiate } from '../../support/sign-requests';

describe('What is registered is changed in place', () => {
  const registered = useRegistered();
  const { call, change } = registered;

  it.each(['', 'users/bob', 'relying-parties/none', 'oauth-clients/none', `tokens/${randomUUID()}`])(
    'only where it is: %j',
    async (path) => {
      const { body } = await call('patch', path === '' ? 'none' : `${registered.tenant.id}/${path}`, {}).expect(404);
      expect(body.code).toBe('NOT_FOUND');
    },
  );

  describe('a relying party:', () => {
    const path = () => `relying-parties/${registered.tenant.relyingParty.clientId}`;
    const knows = async (url: string, party: TestRelyingParty) => (await callCancel(url, party)).status !== 401;

    it('what is left out stays as it is, null takes an address away', async () => {
      const urls = { redirectUrl: 'https://rp.example/done', webhookUrl: 'https://rp.example/hook' };
      const { body: first } = await change(path(), urls).expect(200);
      expect(first).toMatchObject({ ...urls, name: 'Test RP', jwksUrl: null });
      const { body: second } = await change(path(), { name: 'Portal', redirectUrl: null }).expect(200);
      expect(second).toEqual({ ...first, name: 'Portal', redirectUrl: null });
      expect((await change(path(), {}).expect(200)).body).toEqual(second);
      expect((await call('get', `${registered.tenant.id}/${path()}`).expect(200)).body).toEqual(second);
    });

    it('two changes at once both hold', async () => {
      await Promise.all([
        change(path(), { name: 'Portal' }).expect(200),
        change(path(), { redirectUrl: 'https://rp.example/' }).expect(200),
      ]);
      const { body } = await call('get', `${registered.tenant.id}/${path()}`).expect(200);
      expect(body).toMatchObject({ name: 'Portal', redirectUrl: 'https://rp.example/' });
    });

    it('other keys serve in place of those before, here at once and everywhere within five seconds', async () => {
      const { clientId } = registered.tenant.relyingParty;
      const renewed = TestRelyingParty.create(clientId);
      for (const url of [registered.here, registered.there])
        expect(await knows(url, registered.tenant.relyingParty)).toBe(true);
      await change(path(), { jwks: { keys: [renewed.publicJwk] } }).expect(200);
      expect(await knows(registered.here, registered.tenant.relyingParty)).toBe(false);
      expect(await knows(registered.here, renewed)).toBe(true);
      await fiveSecondsLater(async () => {
        expect(await knows(registered.there, registered.tenant.relyingParty)).toBe(false);
        expect(await knows(registered.there, renewed)).toBe(true);
      });

      const served = await openJwksServer();
      const third = TestRelyingParty.create(clientId);
      served.publish(third.publicJwk);
      const { body } = await change(path(), { jwksUrl: served.url }).expect(200);
      expect(body).toMatchObject({ jwks: null, jwksUrl: served.url });
      expect(await knows(registered.here, renewed)).toBe(false);
      expect(await knows(registered.here, third)).toBe(true);
      await served.close();
    });

    it.each([
      [{ name: null }, ['name']],
      [{ name: '' }, ['name']],
      [{ jwks: null }, ['jwks']],
      [{ jwks: { keys: [] } }, ['jwks']],
      [{ jwksUrl: null }, ['jwksUrl']],
      [{ jwks: { keys: [] }, jwksUrl: 'https://rp.example/jwks' }, ['jwks']],
      [{ redirectUrl: 'javascript:alert(1)' }, ['redirectUrl']],
      [{ webhookUrl: 'https://user:secret@rp.example/' }, ['webhookUrl']],
    ])('is refused %j', async (body, fields) => {
      expect(fieldsOf(await change(path(), body).expect(400))).toEqual(fields);
    });

    it('an open page goes on, and leads to where the party is now', async () => {
      await change(path(), { redirectUrl: 'https://rp.example/old' }).expect(200);
      const { signing_url } = await initiate(registered.here, registered.tenant.relyingParty);
      const visitor = new PortalVisitor(registered.here);
      const shown = await visitor.logIn(signing_url);
      await change(path(), { name: 'New name', redirectUrl: 'https://rp.example/new' }).expect(200);
      expect((await visitor.open(signing_url)).text).toContain('New name');
      const phone = phoneIn(await visitor.press(signing_url, shown, 'proceed'));
      await visitor.press(phone, await visitor.logIn(phone), 'approve');
      const done = await visitor.open(signing_url);
      expect(done.text).toContain('href="https://rp.example/new?request_id=');
      expect(done.text).not.toContain('https://rp.example/old');
    });

    it('a webhook that is queued goes to where the party is now, whichever node sends it', async () => {
      const receiver = await Receiver.open(500);
      await change(path(), { webhookUrl: `${receiver.url}/down` }).expect(200);
      for (const url of [registered.here, registered.there])
        expect(await knows(url, registered.tenant.relyingParty)).toBe(true);
      const phones = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const { signing_url } = await initiate(registered.here, registered.tenant.relyingParty);
          const visitor = new PortalVisitor(registered.here);
          const phone = phoneIn(await visitor.press(signing_url, await visitor.logIn(signing_url), 'proceed'));
          const shown = await visitor.logIn(phone);
          return () => visitor.press(phone, shown, 'approve');
        }),
      );
      await Promise.all(phones.map((approve) => approve()));
      await receiver.received('/down', 4);
      await change(path(), { webhookUrl: `${receiver.url}/up` }).expect(200);
      receiver.answer(200);
      await receiver.received('/up', 4);
      await receiver.close();
    });
  });

  describe('a tenant:', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    let keys: JwksServer;
    beforeAll(async () => {
      keys = await openJwksServer();
      keys.publish({ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' });
    });
    afterAll(() => keys.close());

    const statusOf = async (iss: string, url = registered.here): Promise<number> => {
      const token = await new SignJWT({ iss, sub: 'app', aud: 'rescind', exp: Math.floor(Date.now() / 1000) + 60 })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(privateKey);
      return (await new TestBackend(url, registered.tenant.id, token).devices()).status;
    };
    const issuerOf = (name: string) => `https://${name}.example/${registered.tenant.id}`;

    it('has another issuer, whose tokens serve in place of those of the one before', async () => {
      const [first, second] = [issuerOf('first'), issuerOf('second')];
      await change('', { issuer: first, jwksUrl: keys.url, audience: 'rescind' }).expect(200);
      for (const url of [registered.here, registered.there]) expect(await statusOf(first, url)).toBe(200);
      const { body } = await change('', { issuer: second }).expect(200);
      expect(body).toMatchObject({ issuer: second, jwksUrl: keys.url, audience: 'rescind' });
      expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
      await fiveSecondsLater(async () => {
        expect([await statusOf(first, registered.there), await statusOf(second, registered.there)]).toEqual([401, 200]);
      });
      const without = await change('', { issuer: null }).expect(200);
      expect(without.body).toMatchObject({ issuer: null, jwksUrl: null, audience: null });
      expect(await statusOf(second)).toBe(401);
    });

    it('is given a name, keeping all else', async () => {
      const { body: before } = await change('', {}).expect(200);
      expect((await change('', { name: 'Acme' }).expect(200)).body).toEqual({ ...before, name: 'Acme' });
      expect((await change('', { name: null }).expect(200)).body).toEqual({ ...before, name: null });
    });

    it('takes tokens for any audience only where that is said of this issuer', async () => {
      const own = { issuer: issuerOf('any'), jwksUrl: keys.url };
      await change('', { ...own, allowAnyAudience: true }).expect(200);
      await change('', { name: 'Acme' }).expect(200);
      await change('', { jwksUrl: `${keys.url}?2` }).expect(200);
      expect(fieldsOf(await change('', { issuer: issuerOf('next') }).expect(400))).toEqual(['audience']);
      await change('', { issuer: issuerOf('next'), allowAnyAudience: true }).expect(200);
      await change('', { audience: 'rescind' }).expect(200);
      expect(fieldsOf(await change('', { audience: null }).expect(400))).toEqual(['audience']);
      const { body } = await change('', { audience: null, allowAnyAudience: true }).expect(200);
      expect(body).toMatchObject({ issuer: issuerOf('next'), audience: null });
    });

    it('does not get the issuer of another', async () => {
      const other = await registerTenant(registered.application.dataSource);
      const issuer = { issuer: issuerOf('taken'), jwksUrl: keys.url, audience: 'rescind' };
      await call('patch', other.id, issuer).expect(200);
      expect((await change('', issuer).expect(409)).body.code).toBe('ISSUER_TAKEN');
    });

    it.each([
      [{ name: '' }, ['name']],
      [{ jwksUrl: 'https://login.example/jwks' }, ['issuer']],
      [{ issuer: 'https://login.example' }, ['jwksUrl']],
      [{ audience: 'rescind' }, ['audience']],
      [{ issuer: null, audience: 'rescind' }, ['audience']],
      [{ issuer: 'http://localhost:3000/auth/realms/acme', jwksUrl: 'https://x.example' }, ['issuer']],
    ])('is refused %j', async (body, fields) => {
      expect(fieldsOf(await change('', body).expect(400))).toEqual(fields);
    });
  });

  it('a user has another name', async () => {
    const { body } = await change('users/alice', { displayName: 'Alice Tan' }).expect(200);
    expect(body).toMatchObject({ userId: 'alice', displayName: 'Alice Tan' });
    expect((await change('users/alice', {}).expect(200)).body).toEqual(body);
    expect((await change('users/alice', { displayName: null }).expect(200)).body.displayName).toBeNull();
    await change('users/alice', { displayName: '' }).expect(400);
  });
});
