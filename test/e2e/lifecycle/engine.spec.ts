import { randomUUID } from 'node:crypto';
import { otpLifecycle } from '../../../src/otp/otp.lifecycle';
import { Statements } from '../../../src/platform/database/statements';
import { InvalidLifecycle } from '../../../src/approvals/lifecycle';
import { LifecycleEngine } from '../../../src/approvals/lifecycle-engine';
import { prepareFor } from '../../../src/approvals/prepare';
import { OwnerGone } from '../../../src/platform/envelope/failure';
import { plantApproval } from '../../support/approvals';
import { eventually } from '../../support/eventually';
import { registerTenant } from '../../support/fixtures';
import { openTestDataSource, type TestDataSource } from '../../support/test-data-source';

const prepare = prepareFor(otpLifecycle);

const cancel = prepare.transition({
  name: 'engine-cancel',
  where: 'tenant_id = :tenantId AND id = :id',
  transitions: ['cancel'],
});
const begin = prepare.begin({
  name: 'engine-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: {
    scope: `'otp_signin'`,
    method: `'email'`,
    recipient_hash: `convert_to(:id, 'UTF8')`,
    code_hash: `''`,
    max_attempts: '5',
    max_resends: '0',
    resend_interval_seconds: '60',
    resend_available_at: '_now',
    expires_at: `_now + interval '10 minutes'`,
  },
  unlessTaken: true,
});

const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;

describe('the lifecycle engine', () => {
  let database: TestDataSource;
  let engine: LifecycleEngine;
  let statements: Statements;
  beforeAll(async () => {
    database = await openTestDataSource();
    statements = new Statements(database.dataSource);
    engine = new LifecycleEngine(statements);
  });
  afterAll(() => database.close());

  it('reads the clock once it holds the lock: what expired while it waited has expired', async () => {
    const soon = `clock_timestamp() + interval '300 milliseconds'`;
    const key = await plantApproval(database.dataSource, otpLifecycle, 'pending', { expires_at: soon });
    const outcome = await statements.transaction(async (client) => {
      await client.query('SELECT 1 FROM otp WHERE tenant_id = $1 AND id = $2 FOR UPDATE', [key.tenantId, key.id]);
      const waiting = engine.transition(cancel, { ...key, actor: 'late' });
      // Wait for the expiry where its clock is.
      await client.query('SELECT pg_sleep_until(expires_at) FROM otp WHERE tenant_id = $1 AND id = $2', [
        key.tenantId,
        key.id,
      ]);
      return { waiting };
    });
    expect(await outcome.waiting).toMatchObject({ before: 'expired', moved: false });
  });

  it('begins no second life under the id of an approval that has been deleted', async () => {
    const { id: tenantId } = await registerTenant(database.dataSource);
    const key = { tenantId, id: randomUUID(), subjects: [], actor: 'engine' };
    expect(await engine.begin(begin, key)).toBeDefined();
    expect(await engine.begin(begin, key)).toBeUndefined();
    await database.dataSource.query('DELETE FROM otp WHERE id = $1', [key.id]);
    expect(await engine.begin(begin, key)).toBeUndefined();
  });

  it('says so when the owner has gone', async () => {
    const key = { tenantId: 'nobody', id: randomUUID(), subjects: [], actor: 'engine' };
    await expect(engine.begin(begin, key)).rejects.toThrow(OwnerGone);
  });

  it('keeps the history from being changed', async () => {
    const key = await plantApproval(database.dataSource, otpLifecycle, 'pending');
    await engine.transition(cancel, { ...key, actor: 'engine' });
    for (const sql of [`UPDATE history SET actor = 'nobody'`, 'DELETE FROM history', 'TRUNCATE history'])
      await expect(database.dataSource.query(sql)).rejects.toThrow('history is append-only');
  });

  it('locks several rows in the order of their keys, wherever they lie, so that two statements cannot deadlock', async () => {
    const { id: tenantId } = await registerTenant(database.dataSource);
    // In the table the later key comes first, and so it would be locked.
    for (const id of ['b', 'a']) await engine.begin(begin, { tenantId, id, subjects: [], actor: 'engine' });
    const cancelAll = prepare.transition({
      name: 'engine-cancel-all',
      where: `tenant_id || '' = :tenantId`,
      transitions: ['cancel'],
    });
    const lock = `SELECT 1 FROM otp WHERE tenant_id = $1 AND id = $2 FOR UPDATE`;
    const moving = await statements.transaction(async (client) => {
      await client.query(lock, [tenantId, 'a']);
      const all = statements.transaction((other) =>
        engine.transitionAll(cancelAll, { tenantId, actor: 'engine' }, other),
      );
      await eventually(async () => (await client.query(waiting)).rowCount === 1);
      await client.query(`${lock} NOWAIT`, [tenantId, 'b']);
      return { all };
    });
    expect(await moving.all).toMatchObject([{ moved: true }, { moved: true }]);
  });

  it('locks what a plan reads besides before the approval, reads it once it is locked, and finds nothing without it', async () => {
    const { id: tenantId } = await registerTenant(database.dataSource);
    await engine.begin(begin, { tenantId, id: 'a', subjects: [], actor: 'engine' });
    const renamed = prepare.transition<{ name: string | null }>({
      name: 'engine-cancel-renamed',
      where: 'tenant_id = :tenantId AND id = :id',
      from: '(SELECT name FROM tenant WHERE id = :owner FOR SHARE) AS owner',
      transitions: [{ transition: 'cancel', when: `name = 'renamed'` }],
      returning: { name: 'name' },
    });
    const values = { tenantId, id: 'a', owner: tenantId, actor: 'engine' };
    expect(await engine.transition(renamed, { ...values, owner: 'none' })).toBeUndefined();
    expect(await engine.transition(renamed, values)).toMatchObject({ moved: false, name: null });

    const waited = await statements.transaction(async (client) => {
      await client.query(`UPDATE tenant SET name = 'renamed' WHERE id = $1`, [tenantId]);
      const moving = engine.transition(renamed, values);
      await eventually(async () => (await client.query(waiting)).rowCount === 1);
      await client.query('SELECT 1 FROM otp WHERE tenant_id = $1 FOR UPDATE NOWAIT', [tenantId]);
      return { moving };
    });
    expect(await waited.moving).toMatchObject({ moved: true, name: 'renamed' });
  });

  it('refuses a state that the lifecycle does not know', async () => {
    await expect(plantApproval(database.dataSource, otpLifecycle, 'forgotten')).rejects.toThrow('otp_status');
  });

  it('refuses a plan that names a transition twice', () => {
    const plan = {
      name: 'twice',
      where: 'true',
      transitions: ['cancel', { transition: 'cancel', when: 'false' }],
    } as const;
    expect(() => prepare.transition(plan)).toThrow(InvalidLifecycle);
  });

  it('gives up waiting for a lock, so that one stuck transaction does not take all connections', async () => {
    const key = await plantApproval(database.dataSource, otpLifecycle, 'pending');
    await statements.transaction(async (client) => {
      await client.query('SELECT 1 FROM otp WHERE tenant_id = $1 AND id = $2 FOR UPDATE', [key.tenantId, key.id]);
      await expect(engine.transition(cancel, { ...key, actor: 'waiting' })).rejects.toThrow('lock timeout');
    });
    expect(await engine.transition(cancel, { ...key, actor: 'again' })).toMatchObject({ moved: true });
  });
});
