import request from 'supertest';
import { Client } from 'pg';
import { Metrics } from '../../src/platform/observability/metrics';
import { eventually } from '../support/eventually';
import { openApplication, type TestApplication } from '../support/test-app';

describe('/health', () => {
  let application: TestApplication;
  // Probes run beside the server, and come over plain http.
  beforeEach(async () => {
    application = await openApplication({ requireHttps: true });
  });
  afterEach(() => application.close());

  const restarts = async (): Promise<number> => {
    const metrics = await application.nodes[0]!.app.get(Metrics).render();
    return Number(/background_loop_restarts_total\{loop="notifier"\} (\d+)/.exec(metrics)?.[1] ?? 0);
  };
  const probe = (path: string) => request(application.url).get(`/health/${path}`);

  it('is alive and ready while the database answers', async () => {
    const live = await probe('live').expect(200);
    expect(live.body.status).toBe('ok');
    const ready = await probe('ready').expect(200);
    expect(ready.body.info).toEqual({
      database: { status: 'up', responseTime: expect.any(Number) },
      migrations: { status: 'up', responseTime: expect.any(Number) },
      jobs: { status: 'up', responseTime: expect.any(Number) },
    });
  });

  it('is not ready while a loop makes no progress, and is again once it has been started afresh', async () => {
    // What hangs is the connection that listens, and that of the loop's next start, so that the probe cannot miss it.
    let letGo!: (error: Error) => void;
    const hanging = new Promise<never>((_, reject) => (letGo = reject));
    hanging.catch(() => undefined);
    const { query } = Client.prototype as { query: (...parameters: unknown[]) => unknown };
    const spy = jest.spyOn(Client.prototype as { query: typeof query }, 'query').mockImplementation(function (
      this: Client,
      ...parameters: unknown[]
    ) {
      return parameters[0] === 'LISTEN wake_up' ? hanging : query.apply(this, parameters);
    });
    const { body } = await eventually(async () => {
      const response = await probe('ready');
      return response.status === 503 && response;
    });
    expect(body.error).toEqual({
      jobs: { status: 'down', message: 'no progress: notifier', responseTime: expect.any(Number) },
    });
    await probe('live').expect(200);
    await eventually(async () => (await restarts()) > 0);
    spy.mockRestore();
    letGo(new Error('The connection is lost'));
    await eventually(async () => (await probe('ready')).status === 200);
  });

  it('is alive but not ready without the database, and does not say why', async () => {
    await application.database.cutOff();
    await probe('live').expect(200);
    const { body } = await probe('ready').expect(503);
    expect(body.error).toEqual({
      database: { status: 'down', message: 'cannot be written', responseTime: expect.any(Number) },
      migrations: { status: 'down', message: 'cannot be known', responseTime: expect.any(Number) },
    });
  });

  it('is not ready while the database takes no writes, and soon after it does again', async () => {
    await application.database.writable(false);
    const { body } = await probe('ready').expect(503);
    expect(body.error).toMatchObject({ database: { status: 'down', message: 'cannot be written' } });
    await application.database.writable(true);
    await eventually(async () => (await probe('ready')).status === 200);
  });

  it('is not ready while migrations are pending', async () => {
    await application.dataSource.query('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    const { body } = await probe('ready').expect(503);
    expect(body.error).toEqual({
      migrations: { status: 'down', message: 'some are pending', responseTime: expect.any(Number) },
    });
  });
});
