import request, { type Test } from 'supertest';
import { registerTenant, type TestTenant } from './fixtures';
import { openApplication, testAdminToken, type TestApplication } from './test-app';

/** Two nodes, and for each test a new tenant whose registrations it changes; to be called in a `describe`. */
export function useRegistered() {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, allowPrivateTargets: true }, 2);
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const call = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object): Test =>
    request(application.url)[method](`/admin/v1/tenants/${path}`).auth(testAdminToken, { type: 'bearer' }).send(body);
  return {
    get application() {
      return application;
    },
    get tenant() {
      return tenant;
    },
    /** The address of the node where the operator is … */
    get here() {
      return application.url;
    },
    /** … and of the other. */
    get there() {
      return application.nodes[1]!.url;
    },
    call,
    /** Changes what is at this path below the tenant; the tenant itself by ''. */
    change: (path: string, body: object) => call('patch', path === '' ? tenant.id : `${tenant.id}/${path}`, body),
  };
}

/** The fields that an answer calls bad. */
export const fieldsOf = ({ body }: { body: { errors: { field: string }[] } }): string[] =>
  body.errors.map(({ field }) => field);

/** Asks when all that nodes remember is too old, and what would end within five seconds has. */
export async function fiveSecondsLater(ask: () => Promise<unknown>): Promise<void> {
  const clocks = [performance, Date].map((clock) => {
    const now = clock.now();
    return jest.spyOn(clock, 'now').mockImplementation(() => now + 5_000);
  });
  await ask().finally(() => {
    for (const clock of clocks) clock.mockRestore();
  });
}
