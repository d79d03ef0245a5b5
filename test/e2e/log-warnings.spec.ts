import { generateKeyPairSync } from 'node:crypto';
import request from 'supertest';
import { SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type ServerProcess, startServer } from '../support/server-process';
import { eventually } from '../support/eventually';

describe('The log warns', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServer({ DATABASE_URL: database.url, SANDBOX: 'true', ALLOW_PRIVATE_TARGETS: 'true' });
  });
  afterAll(async () => {
    server.terminate();
    await server.ended;
    await database.drop();
  });

  const warnings = (context: string): Record<string, unknown>[] =>
    server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.level === 'warn' && line.context === context);

  it('of keys that cannot be fetched, with their issuer and the cause', async () => {
    const issuer = 'https://login.example';
    const admin = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    // Port 1 takes no connection.
    const jwksUrl = 'http://127.0.0.1:1/secret-path';
    await admin.query(`INSERT INTO tenant (id, issuer, jwks_url) VALUES ('bank', $1, $2)`, [issuer, jwksUrl]);
    await admin.destroy();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const token = new SignJWT({ iss: issuer, sub: 'backend' }).setExpirationTime('1m');
    const bearer = await token.setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    await request(server.url).post('/otp/cancel').set('Authorization', `Bearer ${bearer}`).expect(401);
    await eventually(() => Promise.resolve(warnings('Jwks').length > 0));
    expect(warnings('Jwks')).toEqual([
      expect.objectContaining({
        issuer,
        err: expect.objectContaining({
          message: expect.stringMatching(/^127\.0\.0\.1:1 could not be reached: .*ECONNREFUSED/),
        }),
      }),
    ]);
    expect(server.output()).not.toContain('secret-path');
  });

  it('once of a proxy that is not trusted', async () => {
    for (const client of ['203.0.113.1', '203.0.113.2'])
      await request(server.url).get('/health/live').set('X-Forwarded-For', client).expect(200);
    await eventually(() => Promise.resolve(warnings('Proxy').length > 0));
    expect(warnings('Proxy').map(({ msg }) => msg)).toEqual([expect.stringContaining('TRUST_PROXY')]);
  });
});
