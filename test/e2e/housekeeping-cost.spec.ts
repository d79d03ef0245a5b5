import { type DataSource } from 'typeorm';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { openApplication, type TestApplication } from '../support/test-app';

const rows = 100_000;

/** Of a table, since its database was made: rows that scans of the whole table, and of its indexes, have looked at. */
interface Looked {
  readonly scanned: number;
  readonly found: number;
}

describe('The housekeeping of a big table', () => {
  let application: TestApplication;
  let dataSource: DataSource;
  let tenantId: string;
  beforeAll(async () => {
    application = await openApplication();
    dataSource = application.dataSource;
    tenantId = (await registerTenant(dataSource)).id;
  });
  afterAll(() => application.close());

  const looked = async (table: string): Promise<Looked> => {
    const [found] = await dataSource.query<[Looked]>(
      `SELECT seq_tup_read::int AS scanned, COALESCE(idx_tup_fetch, 0)::int AS found FROM pg_stat_user_tables WHERE relname = $1`,
      [table],
    );
    return found;
  };
  const run = async (job: string): Promise<void> => {
    // It is planned once the node's first round has been made.
    await eventually(async () => {
      const due = 'UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = $1 RETURNING 1';
      return (await dataSource.query<[object[], number]>(due, [job]))[1] === 1;
    });
  };

  /** The job, its table, and rows of it: `n` is the row's number, `age` negative for the two that are over. */
  const chores: [string, string, string][] = [
    ['clear-away-spent-tokens', 'spent_token', `$1, gen_random_uuid(), now() + age`],
    ['clear-away-rate-limits', 'rate_limit', `$1 || n, 1, now() + age`],
    ['clear-away-otp-idempotency', 'otp_idempotency', `$1, n::text::bytea, '', '{}', now() + age`],
    [
      'clear-away-deliveries',
      'delivery',
      `gen_random_uuid(), $1, 'nowhere', n::text, 'delivered', 1, NULL, now(), NULL, now() - interval '90 days' + age`,
    ],
  ];
  it.each(chores)(`%s looks at what is over alone, among ${rows} rows`, async (job, table, row) => {
    await dataSource.query(
      `INSERT INTO ${table} SELECT ${row} FROM (
         SELECT n, CASE WHEN n <= 2 THEN interval '-1 hour' ELSE interval '1 day' END AS age FROM generate_series(1, ${rows}) AS n
       ) AS made`,
      [tenantId],
    );
    await dataSource.query(`ANALYZE ${table}`);
    const before = await looked(table);
    await run(job);
    // A connection tells what it has looked at a second later at most.
    const after = await eventually(async () => {
      const now = await looked(table);
      return (now.scanned > before.scanned || now.found > before.found) && now;
    });
    expect(after.scanned).toBe(before.scanned);
    expect(after.found - before.found).toBeLessThan(100);
    const [{ left }] = await dataSource.query<[{ left: number }]>(`SELECT count(*)::int AS left FROM ${table}`);
    expect(left).toBe(rows - 2);
  });
});
