import { Agent } from 'node:http';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ServerProcess, startServer } from '../support/server-process';

const adminToken = 'the-token-of-the-operator';
const operatorsPaths = ['/metrics', '/health/live', '/health/ready', '/docs', '/openapi/otp.json', '/admin/v1/tenants'];

describe('With ADMIN_PORT', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const start = async (
    more: Record<string, string> = {},
  ): Promise<{ server: ServerProcess; adminUrl: string; stop: () => Promise<number | null> }> => {
    const server = await startServer({
      DATABASE_URL: database.url,
      ADMIN_TOKEN: adminToken,
      ADMIN_PORT: '0',
      ...more,
    });
    const adminUrl = /^Its operators are served at (\S+)$/m.exec(server.output())![1]!;
    const stop = () => {
      server.terminate();
      return server.ended;
    };
    return { server, adminUrl, stop };
  };
  const ask = (url: string, path: string, method: 'get' | 'post' = 'get') =>
    request(url)[method](path).auth(adminToken, { type: 'bearer' });

  it('what is for operators is served there alone, and nothing else is', async () => {
    const { server, adminUrl, stop } = await start();
    for (const path of operatorsPaths) {
      expect([path, (await ask(adminUrl, path)).status]).toEqual([path, 200]);
      for (const spelt of [path, path.toUpperCase(), `${path}/`])
        expect([spelt, (await ask(server.url, spelt)).status]).toEqual([spelt, 404]);
      // A 405 would tell that there is something.
      expect([path, (await ask(server.url, path, 'post')).status]).toEqual([path, 404]);
    }
    const { body } = await ask(server.url, '/admin/v1/tenants');
    expect(body).toMatchObject({ title: 'Not Found', detail: 'There is nothing at this address.' });

    for (const path of ['/otp/cancel', '/api/v3/sign-requests/cancel']) {
      expect((await ask(server.url, path, 'post')).status).toBe(401);
      expect((await ask(adminUrl, path, 'post')).status).toBe(404);
    }
    await stop();
  });

  it('health and metrics are served over plain http there where https is required, and nothing else is', async () => {
    const { adminUrl, stop } = await start({ REQUIRE_HTTPS: 'true' });
    for (const path of operatorsPaths) {
      const expected = /^.(health|metrics)/.test(path) ? 200 : 403;
      expect([path, (await ask(adminUrl, path)).status]).toEqual([path, expected]);
    }
    await stop();
  });

  it('metrics and documents can be switched off each', async () => {
    const statuses = async (more: Record<string, string>) => {
      const { adminUrl, stop } = await start(more);
      const paths = ['/metrics', '/docs', '/openapi/otp.json', '/health/live'];
      const answers = await Promise.all(paths.map((path) => ask(adminUrl, path)));
      await stop();
      return answers.map(({ status }) => status);
    };
    expect(await statuses({ METRICS: 'false' })).toEqual([404, 200, 200, 200]);
    expect(await statuses({ DOCS: 'false' })).toEqual([200, 404, 404, 200]);
  });

  it('a stop ends both, also while a connection is kept open', async () => {
    const { adminUrl, stop } = await start();
    const agent = new Agent({ keepAlive: true });
    await request(adminUrl).get('/health/live').agent(agent).expect(200);
    expect(await stop()).toBe(0);
    agent.destroy();
  });

  it('a start is refused when it is PORT', async () => {
    await expect(start({ PORT: '3999', ADMIN_PORT: '3999' })).rejects.toThrow(
      'ADMIN_PORT must be another one than PORT',
    );
  });
});
