import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { migrate } from '../../src/platform/database/migrate';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

class First1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE first (id int)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE first');
  }
}

class Second1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO first VALUES (1)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM first');
  }
}

class Failing1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO first VALUES (2)');
    await runner.query('SELECT nothing FROM nowhere');
  }
  async down(): Promise<void> {}
}

describe('migrate', () => {
  let database: TestDatabase;

  const migrateBy = (...migrations: (new () => MigrationInterface)[]) =>
    migrate(database, { entities: [], migrations });
  const query = async (sql: string): Promise<unknown> => {
    const dataSource = await createDataSource(database, { entities: [], migrations: [], poolSize: 1 }).initialize();
    return dataSource.query(sql).finally(() => dataSource.destroy());
  };

  beforeEach(async () => {
    database = await createEmptyDatabase();
  });

  afterEach(async () => {
    await database.drop();
  });

  it('may be run by several nodes at once on an empty database', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrateBy(First1700000000001, Second1700000000002)));
    expect(await query('SELECT id FROM first')).toEqual([{ id: 1 }]);
  });

  it('carries migrations out by their time stamps, in whatever order they are listed', async () => {
    await migrateBy(Second1700000000002, First1700000000001);
    expect(await query('SELECT id FROM first')).toEqual([{ id: 1 }]);
  });

  it('undoes a migration that fails, keeps those before it, and can be tried again', async () => {
    await expect(migrateBy(First1700000000001, Failing1700000000003)).rejects.toThrow('nowhere');
    await migrateBy(First1700000000001, Second1700000000002);
    expect(await query('SELECT id FROM first')).toEqual([{ id: 1 }]);
  });
});
