import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { eventually } from '../support/eventually';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { behindProxy, OtpClient } from '../support/otp-client';
import { accessToken, TestBackend } from '../support/signatures';
import { openApplication, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

const waiters = 60;

/** Milliseconds; without bounds nine seconds, until the lock's time is over for all who came before. */
const othersWithinMs = 1_000;

describe('A row that is locked for long', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  let locker: Client;
  /** What other sessions do is a snapshot within a transaction: the locker cannot watch them. */
  let observer: Client;
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, sandbox: true });
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
    locker = new Client({ connectionString: application.database.url });
    observer = new Client({ connectionString: application.database.url });
    await Promise.all([locker.connect(), observer.connect()]);
  });
  afterAll(async () => {
    await Promise.all([locker.end(), observer.end()]);
    await application.close();
  });

  const create = async () => {
    const input = { scope: 'reset_password', method: 'email', recipient: `${randomUUID()}@example.com` };
    const { body } = await client.post('create', input).expect(201);
    return { id: body.data.id as string, scope: input.scope };
  };
  /** A call that has nothing to do with what is locked. */
  const inTime = async <Answer>(call: PromiseLike<Answer>): Promise<Answer> => {
    const askedAt = performance.now();
    const answer = await call;
    expect(performance.now() - askedAt).toBeLessThan(othersWithinMs);
    return answer;
  };
  const waitingForLocks = async (): Promise<number> => {
    const { rows } = await observer.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]!.count;
  };

  it(`makes ${waiters} callers wait or try again, and no other; once it is free it is cancelled once`, async () => {
    const locked = await create();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM otp WHERE id = $1 FOR UPDATE', [locked.id]);

    const cancels = Array.from({ length: waiters }, () => client.post('cancel', locked).then((answer) => answer));
    let answered = 0;
    for (const cancel of cancels) void cancel.then(() => (answered += 1));
    await eventually(async () => (await waitingForLocks()) > 0);
    // Those for whom the queue has no room are answered at once, while the others still wait.
    await eventually(() => Promise.resolve(answered > waiters / 4));
    expect(answered).toBeLessThan(waiters);

    for (let round = 0; round < 5; round += 1) {
      const other = await inTime(create());
      await inTime(client.post('cancel', other).expect(201));
      expect(await waitingForLocks()).toBeLessThanOrEqual(3);
    }

    const statuses = (await Promise.all(cancels)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    await locker.query('ROLLBACK');
    await client.post('cancel', locked).expect(201);
  }, 60_000);

  it('of many locked rows few use a connection', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, create));
    await locker.query('BEGIN');
    await locker.query('SELECT FROM otp WHERE id = ANY ($1) FOR UPDATE', [all.map(({ id }) => id)]);
    const cancels = all.map((each) => client.post('cancel', each).then(({ status }) => status));
    // A third of the node's ten.
    await eventually(async () => (await waitingForLocks()) === 3);
    const other = await inTime(create());
    await inTime(client.post('cancel', other).expect(201));
    expect(await waitingForLocks()).toBeLessThanOrEqual(3);
    await locker.query('ROLLBACK');
    for (const status of await Promise.all(cancels)) expect([201, 503]).toContain(status);
  }, 60_000);

  it('does not hide that the outcome of a lost statement is not known; a repetition shows it', async () => {
    const locked = await create();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM otp WHERE id = $1 FOR UPDATE', [locked.id]);
    const cancel = client.post('cancel', locked).then((answer) => answer);
    await eventually(async () => {
      const { rowCount } = await observer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%otp%'`,
      );
      return rowCount === 1;
    });
    const { status, body } = await cancel;
    expect({ status, message: body.error.message }).toEqual({
      status: 503,
      message: 'It is not known whether this call was carried out; repeat it to find out',
    });
    await locker.query('ROLLBACK');
    await client.post('cancel', locked).expect(201);
  });

  it('lets one of a transaction’s many decisions wait on a connection', async () => {
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    const transactionId = await backend.started();
    await device.fetch();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM signature WHERE id = $1 FOR UPDATE', [transactionId]);
    let answered = 0;
    const decisions = Array.from({ length: 8 }, async () => {
      const { status } = await device.decide(transactionId, { decision: 'CANCEL' });
      answered += 1;
      return status;
    });
    await eventually(async () => (await waitingForLocks()) > 0);
    await eventually(async () => (await waitingForLocks()) === 1 && answered === 0);
    await locker.query('ROLLBACK');
    const statuses = await Promise.all(decisions);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    for (const status of statuses) expect([200, 409, 503]).toContain(status);
  }, 60_000);
});
