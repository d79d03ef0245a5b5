import { randomUUID } from 'node:crypto';
import request, { type Response } from 'supertest';
import { apis } from '../../src/apis';
import { openStates } from '../../src/approvals/lifecycle';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { generousThrottles } from '../support/operators';
import { anyAddress, behindProxy } from '../support/otp-client';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { callInitiate } from '../support/sign-requests';
import { generousLimits, openApplication, testAdminToken, type TestApplication } from '../support/test-app';

jest.setTimeout(120_000);

/** Beginnings against the deletion of what they begin for, at two nodes that both know it. */
describe('What begins while its owner is deleted', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let nodes: readonly string[];
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, ...generousThrottles, ...generousLimits }, 2);
    nodes = application.nodes.map(({ url }) => url);
  });
  beforeEach(async () => {
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const admin = (method: 'post' | 'delete', path: string, body?: object) =>
    request(nodes[0]!)[method](`/admin/v1/tenants/${path}`).auth(testAdminToken, { type: 'bearer' }).send(body);
  const create = async (url: string, token: string): Promise<Response> =>
    request(url)
      .post('/otp/create')
      .set('X-Forwarded-For', anyAddress())
      .auth(token, { type: 'bearer' })
      .send({ scope: 'otp_signin', method: 'email', recipient: `${randomUUID()}@example.com` });
  const start = async (url: string, token: string): Promise<Response> =>
    new TestBackend(url, tenant.id, token).start(startBody());
  /** Tells whether each node begins, before the deletion or not at all. */
  const race = async (path: string, beginnings: ((url: string) => Promise<Response>)[], refusals: number[]) => {
    const calls = nodes.flatMap((url) => beginnings.map((begin) => begin(url)));
    const [, ...answers] = await Promise.all([admin('delete', path).expect(204), ...calls]);
    for (const { status } of answers) expect([200, 201, ...refusals]).toContain(status);
    expect(await pendingOf(tenant.id)).toEqual([]);
  };
  const pendingOf = async (tenantId: string): Promise<unknown[]> => {
    const found = apis.map(({ lifecycle }) =>
      application.dataSource.query(`SELECT id FROM ${lifecycle.approval} WHERE tenant_id = $1 AND status = ANY ($2)`, [
        tenantId,
        openStates(lifecycle),
      ]),
    );
    return (await Promise.all(found)).flat();
  };

  it('comes before the deletion of its OAuth client, or does not begin, where the client is still believed too', async () => {
    for (let round = 0; round < 30; round += 1) {
      const clientId = `client-${round}`;
      const { body } = await admin('post', `${tenant.id}/oauth-clients`, { clientId }).expect(201);
      const token = await accessToken(nodes[0]!, { id: tenant.id, oauthClient: body });
      for (const url of nodes) expect((await create(url, token)).status).toBe(201);
      const both = [(url: string) => create(url, token), (url: string) => start(url, token)];
      await race(`${tenant.id}/oauth-clients/${clientId}`, both, [401]);
      for (const url of nodes) for (const begin of both) expect((await begin(url)).status).toBe(401);
      expect(await pendingOf(tenant.id)).toEqual([]);
    }
  });

  it('comes before the deletion of its tenant, or does not begin', async () => {
    for (let round = 0; round < 20; round += 1) {
      tenant = await registerTenant(application.dataSource);
      const token = await accessToken(nodes[0]!, tenant);
      const each = [
        (url: string) => create(url, tenant.token),
        (url: string) => create(url, token),
        (url: string) => start(url, token),
        (url: string) => callInitiate(url, tenant.relyingParty),
      ];
      for (const url of nodes) for (const begin of each) expect([200, 201]).toContain((await begin(url)).status);
      await race(tenant.id, each, [401, 404, 500]);
    }
  });

  it('comes before the deletion of its relying party, or does not begin', async () => {
    for (let round = 0; round < 20; round += 1) {
      tenant = await registerTenant(application.dataSource);
      const { clientId } = tenant.relyingParty;
      const initiate = (url: string) => callInitiate(url, tenant.relyingParty);
      for (const url of nodes) expect((await initiate(url)).status).toBe(200);
      await race(`${tenant.id}/relying-parties/${clientId}`, [initiate, initiate], [401]);
    }
  });
});
