import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { type DataSource } from 'typeorm';
import { serverContents } from '../../../src/app.module';
import { createDataSource } from '../../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { type ServerProcess, startServer } from '../../support/server-process';

const waiting = 2_000;
/** How many come at the same moment. */
const atOnce = 250;
const limitMegabytes = 150;

interface Fetched {
  readonly data: readonly { readonly transactionId: string }[];
}

describe(`${waiting} devices that wait on one process`, () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  let database: TestDatabase;
  let dataSource: DataSource;
  let server: ServerProcess;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 2 }, null).initialize();
    await dataSource.query(`INSERT INTO tenant (id) VALUES ('crowd')`);
    await dataSource.query(
      `INSERT INTO tenant_user (tenant_id, user_id) SELECT 'crowd', n FROM generate_series(1, $1) AS n`,
      [waiting],
    );
    // One key for all of them: what is measured is the waiting.
    await dataSource.query(
      `INSERT INTO device (tenant_id, user_id, public_jwk) SELECT 'crowd', user_id, $1 FROM tenant_user ORDER BY user_id::int`,
      [JSON.stringify(publicKey.export({ format: 'jwk' }))],
    );
    server = await startServer({ DATABASE_URL: database.url, SANDBOX: 'false', LOG_LEVEL: 'error' });
  });
  afterAll(async () => {
    agent.destroy();
    server.kill();
    await server.ended;
    await dataSource.destroy();
    await database.drop();
  });

  const fetchAs = async (deviceId: number, waitSeconds: number): Promise<Fetched> => {
    const iat = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ sub: String(deviceId), iat, exp: iat + 120, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${server.url}/device/v1/signatures?wait=${waitSeconds}`, { agent, headers }, resolve).on('error', reject);
    });
    return (await json(answer)) as Fetched;
  };
  const residentMegabytes = (): number =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)]).toString()) / 1024;
  const start = (userId: number) =>
    dataSource.query(
      `WITH begun AS (
         INSERT INTO signature (tenant_id, id, status, revision, head, expires_at, user_id, devices, signature_seconds, message, pin_required, content_hash)
         SELECT 'crowd', $1, 'waiting', 0, '', clock_timestamp() + interval '1 minute', user_id, jsonb_build_object(id::text, 'waiting'), 60, 'x', false, ''
         FROM device WHERE id = $2 RETURNING *
       ) SELECT pg_notify('wake_up', 'signature-offered ' || tenant_id || '/' || user_id) FROM begun`,
      [`of-${userId}`, userId],
    );

  it(`take less than ${limitMegabytes} MB and no connection to the database each, and are notified one by one`, async () => {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => fetchAs(index + 1, 0)));
    const idle = residentMegabytes();
    const [{ began }] = await dataSource.query('SELECT clock_timestamp() AS began');
    const answers: Promise<Fetched>[] = [];
    while (answers.length < waiting) {
      for (let count = 0; count < atOnce; count += 1) answers.push(fetchAs(answers.length + 1, 60));
      await eventually(async () => {
        const [row] = await dataSource.query('SELECT count(*)::int AS seen FROM device WHERE seen_at > $1', [began]);
        return row.seen === answers.length;
      });
    }
    expect(residentMegabytes() - idle).toBeLessThan(limitMegabytes);
    const [{ connections }] = await dataSource.query(
      'SELECT count(*)::int AS connections FROM pg_stat_activity WHERE datname = current_database()',
    );
    expect(connections).toBeLessThan(30);

    await start(1_000);
    const startedAt = performance.now();
    expect((await answers[999]!).data).toMatchObject([{ transactionId: 'of-1000' }]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);

    const others = answers.map((_, index) => index + 1).filter((userId) => userId !== 1_000);
    await Promise.all(others.map(start));
    const all = await Promise.all(answers);
    expect(all.map(({ data }) => data[0]?.transactionId)).toEqual(all.map((_, index) => `of-${index + 1}`));
  }, 120_000);
});
