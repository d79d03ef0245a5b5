import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { registerTenant } from '../../support/fixtures';
import { useRegistered } from '../../support/registered';
import { openNode, testAdminToken } from '../../support/test-app';

const key = { kty: 'EC', crv: 'P-256', kid: 'one', use: 'sig' };
const point = {
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};

describe('An id of what has been deleted', () => {
  const registered = useRegistered();
  const { call } = registered;
  const bodies = {
    users: (id: string) => ({ userId: id }),
    'oauth-clients': (id: string) => ({ clientId: id }),
    'relying-parties': (id: string) => ({ clientId: id, name: 'Portal', jwks: { keys: [{ ...key, ...point }] } }),
  } as const;
  const kinds = Object.keys(bodies) as (keyof typeof bodies)[];
  const register = (kind: keyof typeof bodies, id: string, tenantId = registered.tenant.id) =>
    call('post', `${tenantId}/${kind}`, bodies[kind](id));
  const registerTenantOf = (id: string) =>
    request(registered.here).post('/admin/v1/tenants').auth(testAdminToken, { type: 'bearer' }).send({ id });
  const isRetired = async (answer: Promise<{ status: number; body: { code?: string } }>) => {
    const { status, body } = await answer;
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'ID_RETIRED' });
  };

  it.each(kinds)('is not given to others of %s, and nothing is left of the attempt', async (kind) => {
    const id = `id-${randomUUID()}`;
    await register(kind, id).expect(201);
    expect((await register(kind, id).expect(409)).body.code).toBe('ALREADY_EXISTS');
    await call('delete', `${registered.tenant.id}/${kind}/${id}`).expect(204);
    await isRetired(register(kind, id));
    await isRetired(register(kind, id));
    const { body } = await call('get', `${registered.tenant.id}/${kind}`).expect(200);
    expect(JSON.stringify(body)).not.toContain(id);
  });

  it.each(['users', 'oauth-clients'] as const)('is free in another tenant where it is of %s', async (kind) => {
    const other = await registerTenant(registered.application.dataSource);
    await register(kind, 'shared').expect(201);
    await call('delete', `${registered.tenant.id}/${kind}/shared`).expect(204);
    await register(kind, 'shared', other.id).expect(201);
  });

  it('is not given to another tenant, nor that of a relying party that went with its tenant', async () => {
    const { id, relyingParty } = registered.tenant;
    const other = await registerTenant(registered.application.dataSource);
    await call('delete', id).expect(204);
    await isRetired(registerTenantOf(id));
    await isRetired(register('relying-parties', relyingParty.clientId, other.id));
    expect((await register('users', 'alice').expect(404)).body.code).toBe('TENANT_NOT_FOUND');
  });

  it('is free again where the deletion failed', async () => {
    await call('delete', `${registered.tenant.id}/users/bob`).expect(404);
    await register('users', 'bob').expect(201);
  });

  it('is not got hold of by whoever registers it while it is deleted, on either node', async () => {
    const path = `/admin/v1/tenants/${registered.tenant.id}/users`;
    const there = () => request(registered.there).post(path).auth(testAdminToken, { type: 'bearer' });
    for (let round = 0; round < 30; round += 1) {
      const userId = `user-${round}`;
      await register('users', userId).expect(201);
      const [, ...answers] = await Promise.all([
        call('delete', `${registered.tenant.id}/users/${userId}`).expect(204),
        register('users', userId),
        there().send({ userId }),
        register('users', userId),
      ]);
      for (const { status } of answers) expect(status).toBe(409);
      await call('get', `${registered.tenant.id}/users/${userId}`).expect(404);
    }
  });

  it('comes back at the next start where it is of the demo data', async () => {
    for (const path of ['demo/users/alice', 'demo/oauth-clients/demo-client', 'demo/relying-parties/test-client-id'])
      await call('delete', path).expect(204);
    const again = await openNode(registered.application.database, { sandbox: true });
    await call('get', 'demo/users/alice').expect(200);
    await call('delete', 'demo').expect(204);
    await again.close();
    await (await openNode(registered.application.database, { sandbox: true })).close();
    await call('get', 'demo/relying-parties/test-client-id').expect(200);
  });
});
