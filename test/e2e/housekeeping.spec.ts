import { type DataSource } from 'typeorm';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { openHouse, type TestHouse } from '../support/test-app';

describe('The nightly housekeeping', () => {
  let house: TestHouse;
  let dataSource: DataSource;
  let tenantId: string;
  beforeAll(async () => {
    house = await openHouse();
    dataSource = house.dataSource;
    tenantId = (await registerTenant(dataSource)).id;
  });
  afterAll(() => house.close());

  const delivery = `(gen_random_uuid(), $1, 'nowhere', 'a', 'delivered', 1, NULL, now(), NULL, now() - interval`;
  /** The job, its table, and two rows of it: one that is over and one that is not. */
  const chores: [string, string, string][] = [
    [
      'clear-away-spent-tokens',
      'spent_token',
      `($1, gen_random_uuid(), now() - interval '1 s'), ($1, gen_random_uuid(), now() + interval '1 min')`,
    ],
    [
      'clear-away-rate-limits',
      'rate_limit',
      `($1 || 'a', 1, now() - interval '1 s'), ($1 || 'b', 1, now() + interval '1 min')`,
    ],
    [
      'clear-away-otp-idempotency',
      'otp_idempotency',
      `($1, 'a', '', '{}', now() - interval '1 s'), ($1, 'b', '', '{}', now() + interval '1 min')`,
    ],
    [
      'clear-away-inbox',
      'inbox_message',
      `(gen_random_uuid(), $1::text::bytea, '', now() - interval '25 h'), (gen_random_uuid(), '', '', now())`,
    ],
    ['clear-away-deliveries', 'delivery', `${delivery} '91 days'), ${delivery} '89 days')`],
  ];
  it.each(chores)('%s: what is over goes, the rest stays', async (job, table, rows) => {
    await dataSource.query(`INSERT INTO ${table} VALUES ${rows}`, [tenantId]);
    await dataSource.query('SELECT graphile_worker.add_job($1)', [job]);
    await eventually(async () => (await dataSource.query<object[]>(`SELECT 1 FROM ${table}`)).length === 1);
  });

  it('is due every night', async () => {
    const known = await dataSource.query<{ identifier: string }[]>(
      'SELECT identifier FROM graphile_worker._private_known_crontabs',
    );
    const identifiers = known.map(({ identifier }) => identifier);
    expect(identifiers).toEqual(expect.arrayContaining(chores.map(([job]) => job)));
  });
});
