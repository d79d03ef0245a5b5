import { type DataSource } from 'typeorm';
import { serverContents } from '../../../src/app.module';
import { createDataSource } from '../../../src/platform/database/data-source';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { eventually } from '../../support/eventually';
import { registerTenant } from '../../support/fixtures';
import { beginMany } from '../../support/many-otps';
import { RecallDesk } from '../../support/recalls';
import { type ServerProcess, startServer } from '../../support/server-process';
import { testAdminToken, testMasterKey } from '../../support/test-app';

jest.setTimeout(120_000);

const count = 5_000;

describe('A recall whose server is killed in the middle', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const servers: ServerProcess[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database, { ...serverContents.schema, poolSize: 2 }).initialize();
  });
  afterAll(async () => {
    for (const server of servers) server.kill();
    await Promise.all(servers.map(({ ended }) => ended));
    await dataSource.destroy();
    await database.drop();
  });

  const start = async (): Promise<ServerProcess> => {
    const server = await startServer({
      DATABASE_URL: database.url,
      MASTER_KEY: testMasterKey.toString('base64'),
      ADMIN_TOKEN: testAdminToken,
      LOG_LEVEL: 'error',
    });
    servers.push(server);
    return server;
  };

  interface Stored {
    readonly state: string;
    readonly progress: readonly { kind: string; total: number | null; done: number }[];
  }
  const read = async (id: string) => {
    const [recall] = await dataSource.query<Stored[]>('SELECT state, progress FROM recall WHERE id = $1', [id]);
    const otp = recall!.progress.find(({ kind }) => kind === 'otp')!;
    return { state: recall!.state, total: otp.total, done: otp.done };
  };
  const ends = () =>
    dataSource.query<{ status: string; ends: number; approvals: number }[]>(
      `SELECT status, ends, count(*)::int AS approvals FROM (
         SELECT otp.status, count(history.seq)::int AS ends FROM otp LEFT JOIN history
           ON (history.tenant_id, history.approval, history.kind, history.move) = (otp.tenant_id, otp.id, 'otp', 'cancel')
         GROUP BY otp.tenant_id, otp.id, otp.status) AS each GROUP BY 1, 2 ORDER BY 1`,
    );

  it('is finished by the next, and each approval is ended once', async () => {
    const tenant = await registerTenant(dataSource);
    await beginMany(dataSource, tenant.id, count);
    const first = await start();
    const { body } = await new RecallDesk(first.url, tenant).post({ target: { tenant: true } }).expect(202);
    await eventually(async () => (await read(body.id)).done > 0);
    first.kill();
    await first.ended;

    const left = await read(body.id);
    expect(left).toMatchObject({ state: 'running', total: count });
    expect(left.done).toBeLessThan(count);
    expect(await ends()).toEqual([
      { status: 'cancelled', ends: 1, approvals: left.done },
      { status: 'pending', ends: 0, approvals: count - left.done },
    ]);

    const second = await start();
    const desk = new RecallDesk(second.url, tenant);
    const over = await eventually(async () => {
      const answer = await desk.get(`/${body.id}`).expect(200);
      return answer.body.state !== 'running' && answer.body;
    }, 60);
    expect(over).toMatchObject({ state: 'done' });
    expect(over.progress).toContainEqual({ kind: 'otp', total: count, done: count });
    expect(await ends()).toEqual([{ status: 'cancelled', ends: 1, approvals: count }]);
  });
});
