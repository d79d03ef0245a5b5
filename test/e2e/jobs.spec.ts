import { type DataSource } from 'typeorm';
import { poolOf } from '../../src/platform/database/pool';
import { queueJob } from '../../src/platform/jobs/queue-job';
import { freeStranded } from '../../src/platform/jobs/upkeep';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type DeliveryNode, openDeliveryNode } from '../support/delivery-node';
import { eventually } from '../support/eventually';

const queue = (runAt: string): string =>
  `WITH moved AS (SELECT $1::text AS id), queued AS (${queueJob({
    name: 'remember',
    from: 'moved',
    payload: `json_build_object('id', id)`,
    runAt,
    key: `'remember:' || id`,
  })}) SELECT 1`;

describe('jobs', () => {
  let database: TestDatabase;
  let node: DeliveryNode;
  let dataSource: DataSource;
  const done: unknown[] = [];
  let failures = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    node = await openDeliveryNode({
      databaseUrl: database.url,
      receiverUrl: '',
      schedule: [],
      timeoutSeconds: 1,
      jobs: {
        remember: (payload) => {
          done.push(payload);
          return Promise.resolve();
        },
        stumble: () => {
          failures += 1;
          return failures === 1 ? Promise.reject(new Error('stumbled')) : Promise.resolve();
        },
      },
    });
    dataSource = node.dataSource;
  });

  beforeEach(() => {
    done.length = 0;
  });

  afterAll(async () => {
    await node.app.close();
    await database.drop();
  });

  const doneOnes = (count: number): Promise<unknown> =>
    eventually(() => Promise.resolve(done.length >= count && [...done]));

  it('are done once queued, with what they were told', async () => {
    await dataSource.query(queue('NULL'), ['a']);
    expect(await doneOnes(1)).toEqual([{ id: 'a' }]);
  });

  it('wait for their time; one with the same key takes the place of one that waits', async () => {
    await dataSource.query(queue(`clock_timestamp() + interval '1 hour'`), ['b']);
    const waiting = `SELECT run_at > now() + interval '59 minutes' AS waits FROM graphile_worker.jobs WHERE key = 'remember:b'`;
    expect(await dataSource.query(waiting)).toEqual([{ waits: true }]);
    await dataSource.query(queue('NULL'), ['b']);
    expect(await doneOnes(1)).toEqual([{ id: 'b' }]);
    await eventually(async () => (await dataSource.query<object[]>(waiting)).length === 0);
  });

  it('are tried again when they throw', async () => {
    await dataSource.query(`SELECT graphile_worker.add_job('stumble')`);
    await eventually(() => Promise.resolve(failures === 2));
  });

  it('come back when the node that took them has died', async () => {
    await dataSource.query(queue(`clock_timestamp() + interval '1 hour'`), ['c']);
    const take = `UPDATE graphile_worker._private_jobs SET locked_by = 'dead', run_at = now(), locked_at = now() - $1::interval
      WHERE key = 'remember:c'`;
    const held = `SELECT 1 FROM graphile_worker.jobs WHERE locked_by = 'dead'`;
    await dataSource.query(take, ['1 minute']);
    await freeStranded(poolOf(dataSource));
    expect(await dataSource.query(held)).toHaveLength(1);
    await dataSource.query(take, ['3 minutes']);
    await freeStranded(poolOf(dataSource));
    expect(await doneOnes(1)).toEqual([{ id: 'c' }]);
  });
});
