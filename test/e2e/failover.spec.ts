import { randomUUID } from 'node:crypto';
import { serverContents } from '../../src/app.module';
import { migrate } from '../../src/platform/database/migrate';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { OtpClient } from '../support/otp-client';
import { type OwnPostgres, postgresProgram, startOwnPostgres } from '../support/own-postgres';
import { describeWith } from '../support/programs';
import { type DatabaseProxy, openProxy } from '../support/proxy';
import { openNode, type TestNode } from '../support/test-app';

const needed = ['initdb', 'pg_ctl', 'pg_basebackup'].map(postgresProgram);

describeWith(needed, 'A failover of the database', () => {
  let primary: OwnPostgres;
  let standby: OwnPostgres;
  let proxy: DatabaseProxy;
  let node: TestNode;
  beforeAll(async () => {
    primary = await startOwnPostgres();
    await migrate({ url: primary.url }, serverContents.schema);
    standby = await primary.standby();
    proxy = await openProxy(primary.url);
    node = await openNode({ url: proxy.url });
  }, 60_000);
  afterAll(async () => {
    await node.close();
    await proxy.close();
    await Promise.all([primary.remove(), standby.remove()]);
  });

  it('is survived without a restart: not ready and 503 on the standby, served once it is promoted', async () => {
    const isReady = async (): Promise<boolean> => (await fetch(`${node.url}/health/ready`)).ok;
    const tenant = await registerTenant(node.dataSource);
    const client = new OtpClient({ url: node.url, nodes: [node] }, tenant);
    const scope = 'reset_password';
    const input = { scope, method: 'email', recipient: `${randomUUID()}@example.com` };
    const { body } = await client.post('create', input).expect(201);
    const otp = { scope, id: body.data.id as string };
    expect(await isReady()).toBe(true);
    // The standby must have it, or the failover would lose it.
    const [{ written }] = await node.dataSource.query('SELECT pg_current_wal_lsn()::text AS written');
    await eventually(async () => {
      const caughtUp = 'SELECT bool_and(replay_lsn >= $1::pg_lsn) AS done FROM pg_stat_replication';
      const [{ done }] = await node.dataSource.query(caughtUp, [written]);
      return done === true;
    });

    await primary.crash();
    proxy.lead(standby.url);
    await eventually(async () => !(await isReady()), 10);
    expect((await client.post('cancel', otp)).status).toBe(503);
    expect((await client.post('cancel', otp)).status).toBe(503);

    await standby.promote();
    await eventually(isReady, 10);
    await client.post('cancel', otp).expect(201);
    expect((await client.post('verify', { ...otp, code: '000000' })).body.error.code).toBe('OTP_CANCELLED');
  }, 60_000);
});
