import { randomUUID } from 'node:crypto';
import { LifecycleEngine } from '../../../src/approvals/lifecycle-engine';
import { prepareFor } from '../../../src/approvals/prepare';
import { OtpBeginAndEnd1763700000701 } from '../../../src/otp/migrations/1763700000701-otp-begin-and-end';
import { otpLifecycle } from '../../../src/otp/otp.lifecycle';
import { Statements } from '../../../src/platform/database/statements';
import { registerTenant } from '../../support/fixtures';
import { openTestDataSource, type TestDataSource } from '../../support/test-data-source';

const prepare = prepareFor(otpLifecycle);
const begin = prepare.begin({
  name: 'ends-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: {
    scope: `'otp_signin'`,
    method: `'email'`,
    recipient_hash: `convert_to(:id, 'UTF8')`,
    code_hash: `''`,
    max_attempts: '5',
    expires_at: '_now + make_interval(secs => :lifeSeconds::float8)',
  },
});
const cancel = prepare.transition({
  name: 'ends-cancel',
  where: 'tenant_id = :tenantId AND id = :id',
  transitions: ['cancel'],
});
const lapse = prepare.timeout({ name: 'ends-lapse' });

describe('When and by whom an approval began and ended', () => {
  let database: TestDataSource;
  let engine: LifecycleEngine;
  let tenantId: string;
  beforeAll(async () => {
    database = await openTestDataSource();
    engine = new LifecycleEngine(new Statements(database.dataSource));
    tenantId = (await registerTenant(database.dataSource)).id;
  });
  afterAll(() => database.close());

  const begun = async (lifeSeconds = 600) => {
    const id = randomUUID();
    await engine.begin(begin, { tenantId, id, lifeSeconds, subjects: [], actor: 'beginner' });
    return id;
  };
  const facts = (): Promise<object[]> =>
    database.dataSource.query(
      `SELECT id, status, begun_at, begun_by, ended_at, ended_by, expires_at FROM otp WHERE tenant_id = $1 ORDER BY id`,
      [tenantId],
    );

  it('is in its row, and for approvals from before these columns by their history', async () => {
    const pending = await begun();
    const cancelled = await begun();
    const { at } = (await engine.transition(cancel, { tenantId, id: cancelled, actor: 'canceller' }))!;
    const expired = await begun(-1);
    await engine.transitionAll(lapse, { actor: 'sweeper' });

    const written = await facts();
    const of = (id: string) => written.find((row) => 'id' in row && row.id === id) as { expires_at: Date };
    expect(of(pending)).toMatchObject({ begun_by: 'beginner', ended_at: null, ended_by: null });
    expect(of(cancelled)).toMatchObject({ status: 'cancelled', ended_at: at, ended_by: 'canceller' });
    expect(of(expired)).toMatchObject({ status: 'expired', ended_at: of(expired).expires_at, ended_by: 'clock' });

    const runner = database.dataSource.createQueryRunner();
    const migration = new OtpBeginAndEnd1763700000701();
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    expect(await facts()).toEqual(written);
  });
});
