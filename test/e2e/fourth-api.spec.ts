import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { apis } from '../../src/apis';
import { contentsWith } from '../../src/app.module';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { contradictions, type Claim } from '../support/history-checker';
import { openApplication, type TestApplication } from '../support/test-app';
import { type VisitTransition, visitLifecycle, type VisitState } from '../support/visit-api/visit';
import { visitApi } from '../support/visit-api/visit.api';

describe('A fourth API, by its registration alone', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  beforeAll(async () => {
    application = await openApplication({}, 2, contentsWith([...apis, visitApi]));
    tenant = await registerTenant(application.dataSource);
  });
  afterAll(() => application.close());

  const post = (path: string, url = application.url) =>
    request(url).post(`/visits${path}`).set('x-tenant-token', tenant.token);
  const announce = async (): Promise<string> => (await post('').send({ visitor: 'Ada' }).expect(201)).body.id;

  it('is served, beside the others', async () => {
    const id = await announce();
    await post(`/${id}/cancel`).expect(200, { status: 'cancelled' });
    await post(`/${id}/admit`).expect(409);
    await post(`/${randomUUID()}/cancel`).expect(404);
  });

  it('is documented, with its security', async () => {
    const { body } = await request(application.url).get('/openapi/visits.json').expect(200);
    expect(Object.keys(body.paths)).toEqual(['/visits', '/visits/{id}/admit', '/visits/{id}/cancel']);
    expect(Object.keys(body.components.securitySchemes)).toEqual(['bearer', 'tenant-token']);
  });

  it('is guarded, and words its refusals in its own error format', async () => {
    const { body } = await request(application.url).post('/visits').send({ visitor: 'Ada' }).expect(401);
    expect(body).toMatchObject({ title: 'Unauthorized', status: 401 });
    await post('')
      .send({ visitor: 1 })
      .expect(400)
      .expect('Content-Type', /problem/);
    await request(application.url)
      .put('/visits')
      .expect(405)
      .expect('Allow', 'POST')
      .expect('Content-Type', /problem/);
  });

  it('is rate limited', async () => {
    const { headers } = await post('').send({ visitor: 'Ada' }).expect(201);
    expect(headers).toHaveProperty('ratelimit');
  });

  it('gives each approval one end, on two nodes', async () => {
    const [one, other] = application.nodes.map(({ url }) => url);
    const claim = async (asked: VisitTransition, id: string, url?: string): Promise<Claim> => {
      const { status, body } = await post(`/${id}/${asked}`, url);
      const end = status === 200 ? body.status : (/is (\w+)/.exec(body.detail)?.[1] as VisitState);
      const moved = status === 200;
      return {
        asked,
        outcome: {
          before: moved ? 'pending' : end,
          after: end,
          moved,
          transition: moved ? asked : null,
          at: new Date(),
        },
      };
    };
    for (let round = 0; round < 50; round += 1) {
      const id = await announce();
      const claims = await Promise.all([claim('cancel', id, one), claim('admit', id, other)]);
      expect(await contradictions(application.dataSource, visitLifecycle, { tenantId: tenant.id, id }, claims)).toEqual(
        [],
      );
    }
  });
});
