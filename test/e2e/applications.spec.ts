import request from 'supertest';
import { registerTenant } from '../support/fixtures';
import { behindProxy, OtpClient } from '../support/otp-client';
import { accessToken } from '../support/signatures';
import { openApplication, type TestApplication } from '../support/test-app';

describe('Two applications in one process', () => {
  let one: TestApplication;
  let other: TestApplication;
  beforeAll(async () => {
    [one, other] = await Promise.all([openApplication(behindProxy), openApplication(behindProxy)]);
  });
  afterAll(() => one.close());

  it('know their own callers only, and the one goes on when the other ends', async () => {
    const tenant = await registerTenant(one.dataSource);
    const input = { scope: 'reset_password', method: 'email', recipient: 'a@example.com' };
    await new OtpClient(one, tenant).post('create', input).expect(201);
    await new OtpClient(other, tenant).post('create', input).expect(401);

    const bearer = `Bearer ${await accessToken(one.url, tenant)}`;
    const create = ({ url }: TestApplication) =>
      request(url).post('/otp/create').set('Authorization', bearer).send(input);
    await create(one).expect(201);
    await create(other).expect(401);
    await other.close();
    await create(one).expect(201);
  });
});
