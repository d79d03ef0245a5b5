import { type DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { statement } from '../../src/platform/database/statement';
import { Statements } from '../../src/platform/database/statements';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

const insert = statement('test.insert', 'INSERT INTO account (id, name) VALUES (:id, :name)');
const find = statement('test.find', 'SELECT name, :id::int AS asked FROM account WHERE id = :id');

describe('Statements', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let statements: Statements;

  beforeAll(async () => {
    database = await createEmptyDatabase();
    dataSource = await createDataSource(database, { entities: [], migrations: [], poolSize: 1 }).initialize();
    statements = new Statements(dataSource);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  beforeEach(async () => {
    await dataSource.query('CREATE TABLE account (id int PRIMARY KEY, name text)');
  });

  afterEach(async () => {
    await dataSource.query('DROP TABLE account');
  });

  it('runs a statement by its name, parsed once', async () => {
    await statements.run(insert, { id: 1, name: 'alice' });
    await statements.run(insert, { id: 2, name: null });
    expect(await statements.run(find, { id: 1 })).toEqual([{ name: 'alice', asked: 1 }]);
    expect(await statements.run(find, { id: 2 })).toEqual([{ name: null, asked: 2 }]);
    const prepared = await dataSource.query(
      `SELECT name FROM pg_prepared_statements WHERE name LIKE 'test.%' ORDER BY 1`,
    );
    expect(prepared).toEqual([{ name: 'test.find' }, { name: 'test.insert' }]);
  });

  it('answers with what the work of a transaction answers, and keeps what it did', async () => {
    const answer = await statements.transaction(async (client) => {
      await statements.run(insert, { id: 1, name: 'alice' }, client);
      return statements.run(find, { id: 1 }, client);
    });
    expect(answer).toEqual([{ name: 'alice', asked: 1 }]);
    expect(await statements.run(find, { id: 1 })).toHaveLength(1);
  });

  it('undoes all of a transaction when its work throws', async () => {
    const work = statements.transaction(async (client) => {
      await statements.run(insert, { id: 1, name: 'alice' }, client);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await statements.run(find, { id: 1 })).toEqual([]);
  });

  it('does not report success when the server has rolled back behind a swallowed error', async () => {
    const work = statements.transaction(async (client) => {
      await statements.run(insert, { id: 1, name: 'alice' }, client);
      await statements.run(insert, { id: 1, name: 'again' }, client).catch(() => undefined);
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await statements.run(find, { id: 1 })).toEqual([]);
  });

  it('serves on after a statement has lost its connection, from the next one on', async () => {
    const end = statement('test.end', 'SELECT pg_terminate_backend(pg_backend_pid())');
    for (let round = 0; round < 5; round += 1) {
      await expect(statements.run(end, {})).rejects.toThrow('terminating connection');
      expect(await statements.run(find, { id: 1 })).toEqual([]);
    }
  });

  it('serves on after a transaction has lost its connection', async () => {
    const work = statements.transaction(async (client) => {
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(work).rejects.toThrow('terminating connection');
    await statements.run(insert, { id: 1, name: 'alice' });
    expect(await statements.run(find, { id: 1 })).toHaveLength(1);
  });
});
