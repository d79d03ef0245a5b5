import { DataSource } from 'typeorm';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { type ServerProcess, startServer } from '../../support/server-process';

describe('A broken OTP configuration', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServer({ DATABASE_URL: database.url, SANDBOX: 'true' });
  });
  afterAll(async () => {
    server.terminate();
    await server.ended;
    await database.drop();
  });

  it('is answered as missing, and logged with what is wrong', async () => {
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await dataSource.query(`UPDATE otp_config SET settings = '{"codeLength": 3, "maxAttempts": "five"}'`);
    await dataSource.destroy();
    await request(server.url)
      .post('/otp/cancel')
      .set('x-tenant-token', 'demo-tenant-token')
      .send({ id: 'any', scope: 'otp_signin' })
      .expect(500);
    const told = await eventually(() => {
      const lines = server.output().split('\n');
      return Promise.resolve(lines.find((line) => line.includes('The OTP configuration of this tenant is broken')));
    });
    expect(JSON.parse(told)).toMatchObject({
      level: 'error',
      tenantId: 'demo',
      faults: ['codeLength', 'maxAttempts'],
    });
  });
});
