import { createTestDatabase, type TestDatabase } from '../support/database';
import { type DatabaseProxy, openProxy } from '../support/proxy';
import { startServer } from '../support/server-process';

describe('A server that is started before its database', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await openProxy(database.url);
  });
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  it('waits for it, with a line for each try that names the host and the cause', async () => {
    proxy.refuse(2);
    const server = await startServer({ DATABASE_URL: proxy.url });
    const tries = server.output().match(/Waiting for the database at 127\.0\.0\.1:\d+: \S+/g);
    expect(tries).toHaveLength(2);
    server.terminate();
    expect(await server.ended).toBe(0);
  });

  it('gives up in time, and says for what it waited', async () => {
    proxy.refuse(1_000);
    await expect(startServer({ DATABASE_URL: proxy.url, START_TIMEOUT: '1' })).rejects.toThrow(
      /The database at 127\.0\.0\.1:\d+ was not ready within 1 s \(START_TIMEOUT\): \S+/,
    );
    proxy.refuse(0);
  });

  it('does not wait for what waiting does not mend', async () => {
    const nowhere = new URL(proxy.url);
    nowhere.pathname = '/nowhere';
    await expect(startServer({ DATABASE_URL: nowhere.href })).rejects.toThrow('database "nowhere" does not exist');
  });
});
