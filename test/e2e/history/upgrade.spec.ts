import { serverContents } from '../../../src/app.module';
import { HistoryCheckpoints1763700000602 } from '../../../src/approvals/migrations/1763700000602-history-checkpoints';
import { createDataSource } from '../../../src/platform/database/data-source';
import { checkpointAll, checkpointsOf, plantHistory, unscheduleCheckpoints } from '../../support/checkpoints';
import { createEmptyDatabase, type TestDatabase } from '../../support/database';
import { openNode, type TestApplication } from '../../support/test-app';

const { migrations } = serverContents.schema;

describe('A database that had a history before there were checkpoints', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  const migrateBy = async (contents: typeof migrations) => {
    const schema = { entities: [], migrations: [...contents] };
    const dataSource = await createDataSource(database, { ...schema, poolSize: 2 }, null).initialize();
    await dataSource.runMigrations();
    return dataSource;
  };

  it('is counted through by its checkpoints, in the order of time', async () => {
    const before = await migrateBy(migrations.filter((each) => each !== HistoryCheckpoints1763700000602));
    await plantHistory(before, 6_000);
    await before.destroy();
    const after = await migrateBy(migrations);
    await after.destroy();
    const node = await openNode(database);
    const application: TestApplication = {
      database,
      nodes: [node],
      url: node.url,
      dataSource: node.dataSource,
      close: () => node.close(),
    };
    await unscheduleCheckpoints(application);
    await plantHistory(node.dataSource, 1);
    await checkpointAll(application);
    const [first, second] = await checkpointsOf(application);
    expect(first).toMatchObject({ size: 5_000, completeUntil: null });
    expect(second).toMatchObject({ size: 6_001, completeUntil: expect.any(String) });
    const disordered = await node.dataSource.query(
      `SELECT 1 FROM history_leaf AS one JOIN history_leaf AS next ON next.number = one.number + 1 WHERE next.at < one.at`,
    );
    expect(disordered).toEqual([]);
    await application.close();
  });

  it('can have them taken away and given back', async () => {
    const dataSource = await migrateBy(migrations);
    await plantHistory(dataSource, 3);
    const runner = dataSource.createQueryRunner();
    await new HistoryCheckpoints1763700000602().down(runner);
    await new HistoryCheckpoints1763700000602().up(runner);
    await runner.release();
    expect(await dataSource.query('SELECT number::int FROM history_leaf ORDER BY number')).toEqual([
      { number: 0 },
      { number: 1 },
      { number: 2 },
    ]);
    await dataSource.destroy();
  });
});
