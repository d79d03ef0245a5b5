import jsonwebtoken from 'jsonwebtoken';
import request from 'supertest';
import { SigningKeys } from '../../../src/accounts/signing-keys/signing-keys';
import { type OauthClient } from '../../../src/accounts/tenants/tenant.entities';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken } from '../../support/signatures';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

describe('A bearer whose signature has been verified before', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let token: string;
  beforeAll(async () => {
    application = await openApplication();
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
    token = await accessToken(application.url, tenant);
    for (const status of [200, 200]) await devices().expect(status);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => application.close());

  const devices = (shown = token) =>
    request(application.url).get('/digitanium/v4/users/alice/devices').auth(shown, { type: 'bearer' });

  it('is not verified again, but another is', async () => {
    const verify = jest.spyOn(jsonwebtoken, 'verify');
    await devices().expect(200);
    expect(verify).not.toHaveBeenCalled();
    await devices(await accessToken(application.url, tenant)).expect(200);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('is refused once the token has ended', async () => {
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + 306_000);
    await devices().expect(401);
  });

  it('is refused once its OAuth client is deleted', async () => {
    const { clientId }: Pick<OauthClient, 'clientId'> = tenant.oauthClient;
    await request(application.url)
      .delete(`/admin/v1/tenants/${tenant.id}/oauth-clients/${clientId}`)
      .auth(testAdminToken, { type: 'bearer' })
      .expect(204);
    await devices().expect(401);
  });

  it('is refused once the key is no longer ours, and under the same name is another', async () => {
    const { dataSource } = application;
    const keys = application.nodes[0]!.app.get(SigningKeys);
    const { kid } = await keys.current('access-token');
    const other = (await keys.rotate())['access-token'];
    await devices().expect(200);
    await dataSource.query(
      'UPDATE signing_key SET public_jwk = (SELECT public_jwk FROM signing_key WHERE kid = $2) WHERE kid = $1',
      [kid, other],
    );
    await keys.rotate();
    await devices().expect(401);
    await dataSource.query('DELETE FROM signing_key WHERE kid = $1', [kid]);
    await keys.rotate();
    await devices().expect(401);
  });

  it('is of no help to another token with its claims, or its signature', async () => {
    const [header, claims, signature = ''] = token.split('.');
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    await devices(`${header}.${claims}.${flipped}`).expect(401);
    const other = (await accessToken(application.url, tenant)).split('.')[1];
    await devices(`${header}.${other}.${signature}`).expect(401);
    await devices().expect(200);
  });
});
