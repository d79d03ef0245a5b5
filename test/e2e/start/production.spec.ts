import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { productionEnvironment, startServer } from '../../support/server-process';

describe('A production start', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is refused with weak settings, all of them listed at once, one a line', async () => {
    const weak = {
      ...productionEnvironment(database),
      PUBLIC_URL: 'http://sign.example.com',
      MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
      ADMIN_TOKEN: 'admin',
      SANDBOX: 'true',
    };
    const faults = ['PUBLIC_URL must start', 'MASTER_KEY is too', 'ADMIN_TOKEN must have', 'SANDBOX must not'];
    const listed = faults.map((fault) => `  - ${fault}[^\\n]+\\n`).join('');
    await expect(startServer(weak)).rejects.toThrow(
      new RegExp(`^Rescind cannot start with these settings:\\n${listed}$`),
    );
  });

  it('with an https: address says that calls over plain http will fail, and lets them fail', async () => {
    const server = await startServer({ ...productionEnvironment(database), TRUST_PROXY: 'loopback' });
    expect(server.output()).toMatch(/^REQUIRE_HTTPS is on: calls made over plain http will fail\.$/m);
    await request(server.url).post('/otp/cancel').expect(403);
    await request(server.url).post('/otp/cancel').set('X-Forwarded-Proto', 'https').expect(401);
    server.terminate();
    await server.ended;
  });
});
