import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import request from 'supertest';
import { Tenant } from '../../../src/accounts/tenants/tenant.entities';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { type JwksServer, openJwksServer } from '../../support/jwks-server';
import { anyAddress, behindProxy, OtpClient } from '../../support/otp-client';
import { openApplication, type TestApplication } from '../../support/test-app';

const issuer = 'https://login.example/realms/shop';

describe('/otp, for bearers of the tenant’s own issuer', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let application: TestApplication;
  let keys: JwksServer;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, allowPrivateTargets: true });
    keys = await openJwksServer();
    keys.publish({ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' });
    tenant = await registerTenant(application.dataSource);
    await application.dataSource.manager.update(Tenant, { id: tenant.id }, { issuer, jwksUrl: keys.url });
  });
  afterAll(async () => {
    await application.close();
    await keys.close();
  });

  const token = (claims: JWTPayload = {}, key = privateKey): Promise<string> =>
    new SignJWT({ iss: issuer, sub: 'backend', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(key);
  const cancel = (bearer: string, body: object) =>
    request(application.url)
      .post('/otp/cancel')
      .set('X-Forwarded-For', anyAddress())
      .auth(bearer, { type: 'bearer' })
      .send(body);

  it('cancels what the tenant’s token has made, and history knows by whom', async () => {
    const { id, scope } = await new OtpClient(application, tenant).make();
    await cancel(await token(), { id, scope }).expect(201);
    const actors = await application.dataSource.query(
      'SELECT move, actor FROM history WHERE approval = $1 ORDER BY seq',
      [id],
    );
    expect(actors).toEqual([
      { move: 'begin', actor: 'tenant:backend' },
      { move: 'cancel', actor: 'bearer:backend' },
    ]);
  });

  it('takes a good tenant token beside a bearer of another tenant, and acts for the tenant token alone', async () => {
    const other = await registerTenant(application.dataSource);
    const [its, ours] = [
      await new OtpClient(application, other).make(),
      await new OtpClient(application, tenant).make(),
    ];
    const both = async (otp: { id: string; scope: string }) =>
      cancel(await token(), { id: otp.id, scope: otp.scope }).set('x-tenant-token', other.token);
    expect((await both(ours)).status).toBe(404);
    expect((await both(its)).status).toBe(201);
    const states = await application.dataSource.query<object[]>('SELECT id, status FROM otp WHERE id = ANY($1)', [
      [its.id, ours.id],
    ]);
    expect(states).toEqual(
      expect.arrayContaining([
        { id: ours.id, status: 'pending' },
        { id: its.id, status: 'cancelled' },
      ]),
    );
  });

  it('refuses a wrong tenant token beside a good bearer', async () => {
    const { id, scope } = await new OtpClient(application, tenant).make();
    const { body } = await cancel(await token(), { id, scope })
      .set('x-tenant-token', 'wrong')
      .expect(401);
    expect(body.error.code).toBe('INVALID_TENANT_TOKEN');
    expect(await application.dataSource.query('SELECT status FROM otp WHERE id = $1', [id])).toEqual([
      { status: 'pending' },
    ]);
  });

  it.each([
    ['signed by a stranger', () => token({}, stranger.privateKey)],
    ['that is over', () => token({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['of another issuer', () => token({ iss: 'https://login.example/realms/other' })],
  ])('refuses a token %s', async (_, made) => {
    const { body } = await cancel(await made(), { id: 'any', scope: 'otp_signin' }).expect(401);
    expect(body.error).toEqual({ message: 'Invalid tenant token', code: 'INVALID_TENANT_TOKEN', status: 401 });
  });
});
