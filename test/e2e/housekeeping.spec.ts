import { type DataSource } from 'typeorm';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { openApplication, type TestApplication } from '../support/test-app';

describe('The nightly housekeeping', () => {
  let application: TestApplication;
  let dataSource: DataSource;
  let tenantId: string;
  beforeAll(async () => {
    application = await openApplication();
    dataSource = application.dataSource;
    tenantId = (await registerTenant(dataSource)).id;
  });
  afterAll(() => application.close());

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
    // It is planned once the node's first round has been made.
    await eventually(async () => {
      const due = 'UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = $1 RETURNING 1';
      return (await dataSource.query<[object[], number]>(due, [job]))[1] === 1;
    });
    await eventually(async () => (await dataSource.query<object[]>(`SELECT 1 FROM ${table}`)).length === 1);
  });

  it('is due every night', async () => {
    const planned = await dataSource.query<{ name: string; time: string }[]>(
      `SELECT name, to_char(due_at AT TIME ZONE 'UTC', 'HH24:MI:SS') AS time FROM recurring_job
       WHERE due_at BETWEEN now() AND now() + interval '1 day'`,
    );
    const nightly = chores.map(([name]) => name).filter((name) => name !== 'clear-away-rate-limits');
    const expected = nightly.map((name) => ({ name, time: '03:17:00' }));
    expect(planned).toEqual(expect.arrayContaining(expected));
  });
});
