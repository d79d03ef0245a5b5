import { randomUUID } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../src/app.module';
import { createDataSource } from '../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { OtpClient } from '../support/otp-client';
import { codeOf } from '../support/otp-codes';
import { type ServerProcess, startServer } from '../support/server-process';
import { testMasterKey } from '../support/test-app';

const rounds = 500;
const atOnce = 10;
const scope = 'reset_password';

describe('two servers, each a process of its own, on one database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let servers: ServerProcess[];
  let tenant: TestTenant;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 10 }).initialize();
    tenant = await registerTenant(dataSource);
    const environment = {
      DATABASE_URL: database.url,
      MASTER_KEY: testMasterKey.toString('base64'),
      TRUST_PROXY: 'loopback',
      LOG_LEVEL: 'error',
    };
    servers = await Promise.all([startServer(environment), startServer(environment)]);
  }, 60_000);
  afterAll(async () => {
    for (const server of servers) server.terminate();
    await Promise.all(servers.map(({ ended }) => ended));
    await dataSource.destroy();
    await database.drop();
  });

  it(`cancel against verify, ${rounds} rounds: one wins, and the loser is answered which`, async () => {
    const [one, other] = servers.map(({ url }) => new OtpClient({ url, nodes: [{ url }] }, tenant)) as [
      OtpClient,
      OtpClient,
    ];
    const wins = { cancel: 0, verify: 0 };
    const round = async (index: number): Promise<void> => {
      const input = { scope, method: 'email', recipient: `${randomUUID()}@example.com` };
      const { body } = await one.post('create', input).expect(201);
      const { id } = body.data;
      const code = await codeOf(dataSource, tenant.id, id);
      const [canceller, verifier] = index % 2 === 0 ? [one, other] : [other, one];
      const [cancelled, verified] = await Promise.all([
        canceller.post('cancel', { id, scope }),
        verifier.post('verify', { id, scope, code }),
      ]);
      const winner = cancelled.status === 201 ? 'cancel' : 'verify';
      wins[winner] += 1;
      const answers = [cancelled.body.error?.code, verified.body.error?.code];
      expect({ winner, answers }).toEqual(
        winner === 'cancel'
          ? { winner, answers: [undefined, 'OTP_CANCELLED'] }
          : { winner, answers: ['OTP_NOT_CANCELABLE', undefined] },
      );
      const ends = await dataSource.query('SELECT "to" FROM history WHERE approval = $1 AND seq > 1', [id]);
      expect(ends).toEqual([{ to: winner === 'cancel' ? 'cancelled' : 'verified' }]);
    };
    for (let first = 0; first < rounds; first += atOnce)
      await Promise.all(Array.from({ length: atOnce }, (_, index) => round(first + index)));
    expect(Math.min(wins.cancel, wins.verify)).toBeGreaterThan(0);
  }, 180_000);
});
