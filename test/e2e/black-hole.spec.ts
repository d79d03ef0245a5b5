import { randomUUID } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { ask, type Answer, type Question } from '../support/ask';
import { Credentials } from '../support/credentials';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { expectEnvelope } from '../support/envelopes';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { type DatabaseProxy, openProxy } from '../support/proxy';
import { type ServerProcess, startServer } from '../support/server-process';
import { testAdminToken, testMasterKey } from '../support/test-app';

/** Within 5 s by its bounds; the rest is for a busy machine. */
const answeredWithinMs = 8_000;

describe('A server whose way to the database swallows everything', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let dataSource: DataSource;
  let server: ServerProcess;
  let questions: Question[];

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 1 }).initialize();
    proxy = await openProxy(database.url);
    server = await startServer({
      DATABASE_URL: proxy.url,
      MASTER_KEY: testMasterKey.toString('base64'),
      ADMIN_TOKEN: testAdminToken,
      LOG_LEVEL: 'silent',
    });
    const tenant = await registerTenant(dataSource);
    const credentials = await Credentials.of(tenant, server.url);
    const json = ['Content-Type', 'application/json'];
    const token = `/auth/realms/${tenant.id}/protocol/openid-connect/token`;
    const form = ['Content-Type', 'application/x-www-form-urlencoded'];
    const cancelOtp = JSON.stringify({ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', scope: 'otp_signin' });
    const cancelSignature = JSON.stringify({ deviceId: ['-1'], transactionId: 'demo' });
    const enrol = JSON.stringify({ activationCode: 'AAAAA-AAAAA', publicKey: {} });
    const secret = 'grant_type=client_credentials&client_id=unknown&client_secret=x';
    const [bearer, admin, ofTenant, relyingParty] = await Promise.all(
      (['bearer', 'admin', 'tenant', 'relying-party'] as const).map((by) => credentials.headersFor(by)),
    );
    questions = [
      { method: 'POST', path: '/otp/cancel', headers: [...json, ...ofTenant!], body: cancelOtp },
      {
        method: 'DELETE',
        path: '/digitanium/v4/users/signature/alice',
        headers: [...json, ...bearer!],
        body: cancelSignature,
      },
      { method: 'POST', path: '/api/v3/sign-requests/cancel', headers: relyingParty! },
      { method: 'POST', path: '/device/v1/enrolments', headers: json, body: enrol },
      { method: 'POST', path: token, headers: form, body: secret },
      { method: 'GET', path: '/admin/v1/tenants', headers: admin! },
      { method: 'GET', path: `/sign/${randomUUID()}` },
    ];
  }, 60_000);

  afterAll(async () => {
    server.kill();
    await server.ended;
    await dataSource.destroy();
    await proxy.close();
    await database.drop();
  });

  const askAll = (): Promise<Answer[]> => Promise.all(questions.map((question) => ask(server.url, question)));

  it('answers each call with 503 in time, and serves again by itself', async () => {
    for (const { status } of await askAll()) expect(status).not.toBe(503);
    proxy.swallow();
    // First on connections that were there before, then on none.
    for (let round = 1; round <= 2; round += 1) {
      const askedAt = performance.now();
      const answers = await askAll();
      expect(performance.now() - askedAt).toBeLessThan(answeredWithinMs);
      for (const [index, answer] of answers.entries()) {
        const { path } = questions[index]!;
        expect({ path, status: answer.status }).toEqual({ path, status: 503 });
        expect(answer.headers['retry-after']).toBe('1');
        expectEnvelope(path, answer);
      }
    }
    proxy.pass();
    await eventually(async () => (await askAll()).every(({ status }) => status !== 503));
  }, 60_000);

  it('stops when it is asked to, though calls hang', async () => {
    proxy.swallow();
    const hanging = Promise.allSettled(questions.map((question) => ask(server.url, question)));
    const askedAt = performance.now();
    server.terminate();
    expect(await server.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(15_000);
    await hanging;
  }, 60_000);
});
