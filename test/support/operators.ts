import request from 'supertest';
import { type Role } from '../../src/accounts/operators/operator';
import { readSettings, type Settings } from '../../src/platform/settings/settings';
import { testAdminToken } from './test-app';

/** For suites that call the administration more often than one address may. */
export const generousThrottles: Pick<Settings, 'throttles'> = {
  throttles: { ...readSettings({}).throttles, admin: { windowSeconds: 60, perAddress: 1_000_000, perName: 1_000_000 } },
};

let keys = 0;

/** A new API key of this role for these tenants; `*` for all. */
export async function makeKey(url: string, role: Role, tenants: readonly string[]): Promise<string> {
  const { body } = await request(url)
    .post('/admin/v1/api-keys')
    .auth(testAdminToken, { type: 'bearer' })
    .send({ name: `key-${++keys}`, role, tenants })
    .expect(201);
  return body.key;
}
