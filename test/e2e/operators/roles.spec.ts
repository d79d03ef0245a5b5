import { randomUUID } from 'node:crypto';
import { type OpenAPIObject } from '@nestjs/swagger';
import request from 'supertest';
import { serverContents } from '../../../src/app.module';
import { type Role, roles } from '../../../src/accounts/operators/operator';
import { RetiredId } from '../../../src/accounts/tenants/retired-id.entity';
import { Tenant } from '../../../src/accounts/tenants/tenant.entities';
import { Delivery } from '../../../src/messages/delivery';
import { documentsOf } from '../../../src/platform/openapi/documents';
import { exampleBody } from '../../support/example-body';
import { generousThrottles, makeKey } from '../../support/operators';
import { type Route, routesOf } from '../../support/routes';
import { openApplication, type TestApplication } from '../../support/test-app';

jest.setTimeout(120_000);

const [own, foreign, unknown] = ['own', 'foreign', 'unknown'];

interface Answered {
  readonly status: number;
  readonly code?: string;
}

/** Walks over all routes of the administration, so that a new one is held to the same. */
describe('An operator', () => {
  let application: TestApplication;
  let routes: readonly Route[];
  let document: OpenAPIObject;
  /** Role → key for the tenant `own`, and for all. */
  let keys: Readonly<Record<Role, { readonly limited: string; readonly all: string }>>;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true, ...generousThrottles });
    const { app } = application.nodes[0]!;
    routes = routesOf(app).filter(({ by }) => by === 'admin');
    document = documentsOf(app, serverContents).get('admin')!;
    await registerTenants();
    const made = roles.map(async (role) => {
      const limited = await makeKey(application.url, role, [own]);
      return [role, { limited, all: await makeKey(application.url, role, ['*']) }] as const;
    });
    keys = Object.fromEntries(await Promise.all(made)) as typeof keys;
  });
  afterAll(() => application.close());

  /** Some of the calls delete them. */
  const registerTenants = async () => {
    const { manager } = application.dataSource;
    await manager.clear(RetiredId);
    await manager.upsert(Tenant, [{ id: own }, { id: foreign }], { conflictPaths: ['id'] });
  };

  const bodyOf = (route: Route) => exampleBody(document, route);
  const namesInQuery = ({ path, method }: Route): boolean => {
    const operation = (document.paths[path] as Record<string, { parameters?: { in: string; name: string }[] }>)[method];
    return operation?.parameters?.some((each) => each.in === 'query' && each.name === 'tenant') === true;
  };
  const namesTenant = (route: Route): boolean =>
    route.path.includes('{tenantId}') || namesInQuery(route) || 'tenant' in bodyOf(route);

  const call = async (route: Route, key: string, tenant: string): Promise<Answered> => {
    await registerTenants();
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'tenantId' ? tenant : randomUUID()));
    const body = bodyOf(route);
    const asked = request(application.url)[route.method as 'get'](path);
    const { status, body: answer } = await asked
      .query(namesInQuery(route) ? { tenant } : {})
      .auth(key, { type: 'bearer' })
      .send(route.method === 'get' ? undefined : { ...body, ...('tenant' in body && { tenant }) });
    return { status, code: (answer as { code?: string }).code };
  };
  const named = ({ method, path }: Route): string => `${method} ${path}`;

  const tooLow: Answered = { status: 403, code: 'ROLE_TOO_LOW' };
  const needsAll: Answered = { status: 403, code: 'NEEDS_ALL_TENANTS' };
  const noTenant: Answered = { status: 404, code: 'TENANT_NOT_FOUND' };
  const isServed = ({ status, code }: Answered): boolean =>
    status !== 401 && status !== 403 && status < 500 && code !== noTenant.code;
  const rank = (role: Role): number => roles.indexOf(role);

  const wrong: string[] = [];
  const expectOf = (told: string, answered: Answered, expected: Answered | typeof isServed): void => {
    const holds =
      typeof expected === 'function'
        ? expected(answered)
        : answered.status === expected.status && answered.code === expected.code;
    if (!holds) wrong.push(`${told}: ${answered.status} ${answered.code}`);
  };
  beforeEach(() => void wrong.splice(0));

  it('has many routes', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.filter((route) => !namesTenant(route)).length).toBeGreaterThan(5);
  });

  it.each(roles)('with the role %s calls what needs it or less, and is refused all else', async (role) => {
    for (const route of routes) {
      const expected = rank(role) >= rank(route.role.role) ? isServed : tooLow;
      for (const tenant of [own, foreign]) expectOf(named(route), await call(route, keys[role].all, tenant), expected);
    }
    expect(wrong).toEqual([]);
  });

  it.each(roles)('with the role %s for one tenant has no other', async (role) => {
    for (const route of routes) {
      const { limited } = keys[role];
      const isEnough = rank(role) >= rank(route.role.role);
      const of = (expected: Answered | typeof isServed) => (isEnough ? expected : tooLow);
      if (namesTenant(route)) {
        expectOf(`${named(route)} of its own`, await call(route, limited, own), of(isServed));
        expectOf(`${named(route)} of another`, await call(route, limited, foreign), of(noTenant));
        expectOf(`${named(route)} of none`, await call(route, limited, unknown), of(noTenant));
      } else expectOf(named(route), await call(route, limited, own), of(route.role.narrows ? isServed : needsAll));
    }
    expect(wrong).toEqual([]);
  });

  it('names one tenant and means it, wherever it is named', async () => {
    const get = (query: string) =>
      request(application.url).get(`/admin/v1/deliveries?${query}`).auth(keys.viewer.limited, { type: 'bearer' });
    await get(`tenant=${own}`).expect(200);
    await get(`tenant=${own}&tenant=${foreign}`).expect(404);
    await get(`tenant=${foreign}&tenant=${own}`).expect(404);
    await get('tenant=').expect(404);
    const both = await request(application.url)
      .get(`/admin/v1/tenants/${own}/users?tenant=${foreign}`)
      .auth(keys.viewer.limited, { type: 'bearer' });
    expect(both.status).toBe(404);
  });

  it('sees of a list what is of its tenants', async () => {
    const list = async (path: string, key: string) => {
      const { body } = await request(application.url).get(path).auth(key, { type: 'bearer' }).expect(200);
      return body.items as { id: string; tenant?: string }[];
    };
    await registerTenants();
    expect((await list('/admin/v1/tenants', keys.viewer.limited)).map(({ id }) => id)).toEqual([own]);
    expect((await list('/admin/v1/tenants', keys.viewer.all)).map(({ id }) => id)).toEqual(
      expect.arrayContaining([own, foreign]),
    );

    const [ours, theirs] = [await plantDelivery(own), await plantDelivery(foreign)];
    const listed = (await list('/admin/v1/deliveries', keys.viewer.limited)).map(({ id }) => id);
    expect(listed).toEqual([ours]);
    expect((await list('/admin/v1/deliveries', keys.viewer.all)).map(({ id }) => id)).toContain(theirs);

    const redeliver = (id: string) =>
      request(application.url)
        .post(`/admin/v1/deliveries/${id}/redeliver`)
        .auth(keys.admin.limited, { type: 'bearer' });
    const none = await redeliver(randomUUID()).expect(404);
    expect((await redeliver(theirs).expect(404)).body).toEqual(none.body);
    await redeliver(ours).expect(204);
  });

  const plantDelivery = async (tenantId: string): Promise<string> => {
    const id = randomUUID();
    const ended = { state: 'failed', attempts: 1, createdAt: new Date(), endedAt: new Date() } as const;
    await application.dataSource.manager.insert(Delivery, { id, tenantId, channel: 'none', approvalId: 'a', ...ended });
    return id;
  };
});
