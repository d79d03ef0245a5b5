import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { serverContents } from '../../src/app.module';
import { migrate } from '../../src/platform/database/migrate';
import { withDatabase } from '../support/cluster';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { type OwnPostgres, postgresProgram, startOwnPostgres } from '../support/own-postgres';
import { describeWith } from '../support/programs';
import { Receiver } from '../support/receiver';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { mayMount, SmallDisk } from '../support/small-disk';
import { generousLimits, openNode, type TestNode } from '../support/test-app';

const needs = [...['initdb', 'pg_ctl'].map(postgresProgram), ...(mayMount ? [] : ['the right to mount'])];
/** In which all that waits is delivered once there is space again, without a restart of the node. */
const withinSeconds = 10;
const pending = 40;

describeWith(needs, 'A database whose disk is full', () => {
  let postgres: OwnPostgres;
  let disk: SmallDisk;
  let node: TestNode;
  let receiver: Receiver;
  let backend: TestBackend;
  beforeAll(async () => {
    [postgres, disk, receiver] = await Promise.all([startOwnPostgres(), SmallDisk.mount(48), Receiver.open()]);
    const url = withDatabase(postgres.url, 'small');
    const admin = new Client({ connectionString: postgres.url });
    await admin.connect();
    await admin.query(`CREATE TABLESPACE small LOCATION '${disk.directory}'`);
    await admin.query('CREATE DATABASE small TABLESPACE small');
    await admin.end();
    await migrate({ url }, serverContents.schema);
    node = await openNode({ url }, { ...generousLimits, allowPrivateTargets: true });
    const tenant = await registerTenant(node.dataSource);
    backend = new TestBackend(node.url, tenant.id, await accessToken(node.url, tenant));
  }, 60_000);
  afterAll(async () => {
    await node.close();
    await receiver.close();
    await postgres.remove();
    await disk.unmount();
  });

  const start = async (message: string) => {
    const body = startBody({ signatureMessage: message });
    const { status, headers } = await backend.start({ ...body, callbackUrl: `${receiver.url}/${body.transactionId}` });
    return { id: body.transactionId, status, retryAfterSeconds: Number(headers['retry-after']) };
  };
  const isReady = async (): Promise<boolean> => (await fetch(`${node.url}/health/ready`)).ok;
  const reached = (): Set<string> => new Set(receiver.calls.map(({ path }) => path.slice(1)));

  it('refuses what it cannot store with 503, loses nothing, and goes on by itself once there is space', async () => {
    const begun = await Promise.all(Array.from({ length: pending }, () => start('small')));
    await disk.fill();

    // A message that cannot be compressed needs pages of its own.
    const starts = [];
    for (let made = 0; made < 40; made += 1) starts.push(await start(randomBytes(14_000).toString('base64')));
    const refused = starts.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const each of refused) expect(each).toMatchObject({ status: 503, retryAfterSeconds: expect.any(Number) });

    const all = [...begun, ...starts.filter(({ status }) => status === 200)];
    const cancelled = [];
    for (const { id } of all) cancelled.push((await backend.cancel({ deviceId: '-1', transactionId: id })).status);
    for (const status of cancelled) expect([200, 503]).toContain(status);

    await disk.free();
    await eventually(isReady, 5);
    for (const [index, { id }] of all.entries())
      if (cancelled[index] !== 200) await backend.cancel({ deviceId: '-1', transactionId: id }).expect(200);
    await eventually(() => Promise.resolve(all.every(({ id }) => reached().has(id))), withinSeconds);
    await start('small again').then(({ status }) => {
      expect(status).toBe(200);
    });
    for (const { id } of refused) expect(reached().has(id)).toBe(false);
  }, 120_000);
});
