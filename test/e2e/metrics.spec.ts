import request from 'supertest';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { openApplication, type TestApplication } from '../support/test-app';

describe('GET /metrics', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication();
  });
  afterAll(() => application.close());

  it('counts requests by route and transitions by outcome, and shows the pool', async () => {
    const { token } = await registerTenant(application.dataSource);
    const post = (path: string, body: object) =>
      request(application.url).post(path).set('x-tenant-token', token).send(body);
    const scope = 'reset_password';
    const created = await post('/otp/create', { scope, method: 'email', recipient: 'alice@example.com' }).expect(201);
    const { id } = created.body.data as { id: string };
    await post('/otp/cancel', { id, scope }).expect(201);
    await post('/otp/cancel', { id, scope }).expect(201);
    await request(application.url).get('/secret/page').expect(404);

    const { text, headers } = await request(application.url).get('/metrics').expect(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=/);
    const shown = text.split('\n');
    expect(shown).toContain(
      'http_request_duration_seconds_count{errorFormat="otp",method="POST",route="/otp/cancel",status="201"} 2',
    );
    expect(shown).toContain(
      'http_request_duration_seconds_count{errorFormat="none",method="GET",route="none",status="404"} 1',
    );
    expect(shown).toContain('approval_moves_total{approval="otp",move="cancel",outcome="moved"} 1');
    expect(shown).toContain('approval_moves_total{approval="otp",move="cancel",outcome="refused"} 1');
    expect(text).toMatch(/^database_connections\{state="idle"\} \d+$/m);
    expect(text).not.toContain(id);
  });

  it('counts tries to deliver by their outcome', async () => {
    const { token } = await registerTenant(application.dataSource);
    const otp = { scope: 'reset_password', method: 'email', recipient: 'bob@example.com' };
    await request(application.url).post('/otp/create').set('x-tenant-token', token).send(otp).expect(201);
    await eventually(async () => {
      const { text } = await request(application.url).get('/metrics').expect(200);
      return /^delivery_tries_total\{channel="otp-message",outcome="delivered"\} \d+$/m.test(text);
    });
  });
});
