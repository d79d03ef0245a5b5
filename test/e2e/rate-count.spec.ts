import { Client } from 'pg';
import { arrange, type Statement } from '../../src/platform/database/statement';
import { countCall, countWithin } from '../../src/platform/rate-limit/rate-limits';
import { createTestDatabase, type TestDatabase } from '../support/database';

describe('The count of a call', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`SET synchronous_commit = 'local'`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const count = async (statement: Statement, key: string) => {
    const values = arrange(statement, { key, windowSeconds: 60, limit: 3 });
    const { rows } = await client.query<{ hits: number }>({ name: statement.name, text: statement.text, values });
    return rows.map(({ hits }) => hits);
  };
  const committing = async () =>
    (await client.query<{ synchronous_commit: string }>('SHOW synchronous_commit')).rows[0]?.synchronous_commit;

  it('by itself is committed without waiting for the disk; what follows on its connection waits again', async () => {
    await client.query('BEGIN');
    expect(await count(countCall, 'seen in a transaction')).toEqual([1]);
    expect(await committing()).toBe('off');
    await client.query('COMMIT');
    expect(await committing()).toBe('local');
    for (const hits of [1, 2, 3, 4, 4]) {
      expect(await count(countCall, 'alone')).toEqual([hits]);
      expect(await committing()).toBe('local');
    }
  });

  it('within a transaction leaves the transaction’s commit as it is', async () => {
    await client.query('BEGIN');
    expect(await count(countWithin, 'within')).toEqual([1]);
    expect(await committing()).toBe('local');
    await client.query('ROLLBACK');
    expect(await count(countWithin, 'within')).toEqual([1]);
  });
});
