import { createTestDatabase, type TestDatabase } from '../support/database';
import { type DeliveryNode, openDeliveryNode } from '../support/delivery-node';
import { eventually } from '../support/eventually';

describe('recurring jobs', () => {
  let database: TestDatabase;
  let nodes: DeliveryNode[];
  const done = { remember: 0, stumble: 0 };

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = {
      databaseUrl: database.url,
      receiverUrl: '',
      schedule: [],
      timeoutSeconds: 1,
      batches: {
        remember: () => Promise.resolve((done.remember += 1) && 0),
        stumble: () => ((done.stumble += 1) === 1 ? Promise.reject(new Error('stumbled')) : Promise.resolve(0)),
      },
    };
    nodes = await Promise.all([openDeliveryNode(options), openDeliveryNode(options)]);
    await eventually(async () => (await query('SELECT 1 FROM recurring_job')).length >= 2);
  });

  beforeEach(async () => {
    // Nothing is due by itself for a while, and the counts begin anew.
    await query(`UPDATE recurring_job SET due_at = clock_timestamp() + interval '1 hour'`);
    Object.assign(done, { remember: 0, stumble: 0 });
  });

  afterAll(async () => {
    await Promise.all(nodes.map(({ app }) => app.close()));
    await database.drop();
  });

  const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    nodes[0]!.dataSource.query<Row[]>(sql, values);
  const setDue = (name: string) => query('UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = $1', [name]);
  const dueIn = async (name: string): Promise<number> => {
    const seconds =
      'SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS seconds FROM recurring_job WHERE name = $1';
    return (await query<{ seconds: number }>(seconds, [name]))[0]!.seconds;
  };

  it('are done by one of the nodes, and due again at the next full minute', async () => {
    await setDue('remember');
    await eventually(async () => done.remember > 0 && (await dueIn('remember')) <= 60);
    expect(await dueIn('remember')).toBeGreaterThan(-5);
    expect(done.remember).toBe(1);
  });

  it('that fail, or whose node died, are due again once the time to do them is over', async () => {
    await setDue('stumble');
    await eventually(() => Promise.resolve(done.stumble === 1));
    expect(await dueIn('stumble')).toBeGreaterThan(60);
    // Too long to wait for here.
    await setDue('stumble');
    await eventually(() => Promise.resolve(done.stumble === 2));
  });
});
