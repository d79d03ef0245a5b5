import { ask } from '../../support/ask';
import { Credentials } from '../../support/credentials';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('A call that names no user', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let headers: readonly string[];
  beforeAll(async () => {
    application = await openApplication();
    tenant = await registerTenant(application.dataSource);
    const credentials = await Credentials.of(tenant, application.url);
    headers = ['Content-Type', 'application/json', ...(await credentials.headersFor('bearer'))];
  });
  afterAll(() => application.close());

  it.each([
    ['POST', '/digitanium/v4/users/{userId}/signature'],
    ['POST', '/auth/realms/{tenantId}/v3_user/digitaniumsignature/{userId}'],
    ['DELETE', '/digitanium/v4/users/signature/{userId}'],
    ['DELETE', '/auth/realms/{tenantId}/v3_user/cancelsignature/{userId}'],
    ['GET', '/digitanium/v4/users/{userId}/devices'],
    ['GET', '/auth/realms/{tenantId}/v3_user/devices/{userId}'],
  ])('is answered 400: %s %s', async (method, template) => {
    const pathOf = (name: string) => template.replace('{tenantId}', tenant.id).replace('{userId}', name);
    const body = method === 'GET' ? undefined : '{}';
    for (const path of ['', '%20', '%09'].map(pathOf)) {
      const { status, text } = await ask(application.url, { method, path, headers, body });
      expect({ path, status, body: JSON.parse(text) }).toEqual({
        path,
        status: 400,
        body: { subSystem: 5, status: 'BAD_REQUEST', message: 'Username should not be null or empty' },
      });
    }
    expect((await ask(application.url, { method, path: pathOf(''), body })).status).toBe(401);
  });
});
