import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source';
import { DeliveryRepository } from '../../src/messages/delivery.repository';
import { Statements } from '../../src/platform/database/statements';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  type DeliveryNode,
  type DeliveryNodeOptions,
  openDeliveryNode,
  otherChannel,
  queueTo,
  testChannel,
} from '../support/delivery-node';
import { eventually } from '../support/eventually';
import { outage } from '../support/outage';
import { Receiver } from '../support/receiver';

const queue = queueTo(testChannel);

interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

describe('the outbox', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  /** Makes transitions: a connection of its own, that outlives every node. */
  let writer: DataSource;
  const nodes: DeliveryNode[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.open();
    writer = await createDataSource(database, { entities: [], migrations: [], poolSize: 2 }).initialize();
    await writer.query(`INSERT INTO tenant (id) VALUES ('tenant')`);
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map(({ app }) => app.close()));
    await receiver.close();
    await writer.destroy();
    await database.drop();
  });

  const options = { schedule: [1, 1], timeoutSeconds: 5 };
  const places = () => ({ databaseUrl: database.url, receiverUrl: receiver.url });
  const openNode = async (changes: Partial<DeliveryNodeOptions> = {}): Promise<void> => {
    nodes.push(await openDeliveryNode({ ...options, ...places(), ...changes }));
  };
  const rowOf = async (approval: string): Promise<DeliveryRow> =>
    (await writer.query<DeliveryRow[]>('SELECT * FROM delivery WHERE approval_id = $1', [approval]))[0]!;
  const ended = (approval: string): Promise<DeliveryRow> =>
    eventually(async () => {
      const row = await rowOf(approval);
      return row.state !== 'pending' && row;
    });

  it('delivers what a statement queued', async () => {
    await openNode();
    await writer.query(queue, [['a']]);
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 1, last_error: null });
  });

  it('delivers what was queued while no node ran', async () => {
    await writer.query(queue, [['a']]);
    await openNode();
    expect(await ended('a')).toMatchObject({ state: 'delivered' });
  });

  it('delivers nothing of a transaction that was rolled back', async () => {
    const broken = writer.transaction(async (manager) => {
      await manager.query(queue, [['a']]);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect(await writer.query('SELECT id FROM delivery')).toEqual([]);
  });

  it('tries again as the schedule says, under the same id, until the receiver is back', async () => {
    await openNode();
    receiver.answer(200, 500, 503);
    await writer.query(queue, [['a']]);
    const row = await ended('a');
    expect(row).toMatchObject({ state: 'delivered', attempts: 3, last_error: 'The answer was 503' });
    const calls = await receiver.received('/a', 3);
    expect(calls.map(({ headers }) => headers['x-delivery'])).toEqual([row.id, row.id, row.id]);
    expect(calls[1]!.at - calls[0]!.at).toBeGreaterThan(950);
    expect(calls[2]!.at - calls[1]!.at).toBeGreaterThan(950);
  });

  it('keeps as failed what no try delivered, and says why', async () => {
    await openNode();
    receiver.answer(500);
    await writer.query(queue, [['a']]);
    expect(await ended('a')).toMatchObject({ state: 'failed', attempts: 3, last_error: 'The answer was 500' });
    expect(receiver.calls).toHaveLength(3);
  });

  it('counts a try that is not answered as failed', async () => {
    await openNode({ timeoutSeconds: 0.2 });
    receiver.answer(200, 'never');
    await writer.query(queue, [['a']]);
    const row = await ended('a');
    expect(row).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(row.last_error).toMatch(/did not answer in full within/);
  });

  it('makes no further try where the channel says that none would help', async () => {
    await openNode();
    receiver.answer(500);
    await writer.query(queue, [['refused']]);
    expect(await ended('refused')).toMatchObject({ state: 'failed', attempts: 1, last_error: 'The answer was 500' });
  });

  it('waits longer than its schedule where the channel says so', async () => {
    await openNode();
    receiver.answer(200, 503);
    await writer.query(queue, [['busy']]);
    const [first, second] = await receiver.received('/busy', 2);
    expect(second!.at - first!.at).toBeGreaterThan(1_950);
  });

  it('keeps no delivery of one channel waiting for the slow receivers of another', async () => {
    await openNode();
    receiver.answer('never');
    await writer.query(queue, [Array.from({ length: 30 }, (_, index) => `slow-${index}`)]);
    await eventually(() => Promise.resolve(receiver.calls.length === 20));
    receiver.answer(200);
    await writer.query(queueTo(otherChannel), [['a']]);
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(receiver.calls).toHaveLength(21);
  });

  it('makes four tries of one endpoint at a time, and keeps no delivery to another waiting for it', async () => {
    const to = (endpoint: number) => queueTo(testChannel, `'00000000-0000-0000-0000-00000000000${endpoint}'::uuid`);
    receiver.answer('never');
    await writer.query(to(1), [Array.from({ length: 300 }, (_, index) => `slow-${index}`)]);
    await openNode({ schedule: [] });
    await eventually(() => Promise.resolve(receiver.calls.length === 4));
    receiver.answer(200);
    await writer.query(to(2), [['a']]);
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(receiver.calls).toHaveLength(5);
    const rows = await eventually(async () => {
      const found = await writer.query<DeliveryRow[]>(`SELECT * FROM delivery WHERE state <> 'pending'`);
      return found.length === 301 && found;
    });
    expect(new Set(rows.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    expect(rows.filter(({ state }) => state === 'failed')).toHaveLength(4);
  });

  it('abandons what its channel says is obsolete', async () => {
    await openNode();
    await writer.query(queue, [['obsolete']]);
    expect(await ended('obsolete')).toMatchObject({ state: 'abandoned', attempts: 1 });
  });

  it('keeps the message of an error only where it was made to be shown', async () => {
    await openNode({ schedule: [] });
    await writer.query(queue, [['careless']]);
    expect(await ended('careless')).toMatchObject({ state: 'failed', last_error: 'Error' });
  });

  it.each(['1 day', '-1 day'])('goes by the real time when the clock of approvals is off by %s', async (advance) => {
    await openNode();
    await writer.query('UPDATE approval_clock SET advance = $1', [advance]);
    receiver.answer(200, 500);
    await writer.query(queue, [['a']]);
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 2 });
    const [first, second] = await receiver.received('/a', 2);
    expect(second!.at - first!.at).toBeGreaterThan(950);
  });

  it('is shared by two nodes, and none delivers what the other did', async () => {
    await Promise.all([openNode(), openNode()]);
    const approvals = Array.from({ length: 200 }, (_, index) => `approval-${index}`);
    await writer.query(queue, [approvals]);
    for (const approval of approvals) await ended(approval);
    expect(receiver.calls.map(({ path }) => path).sort()).toEqual(approvals.map((each) => `/${each}`).sort());
  });

  it('lets a try that is under way finish when its node stops', async () => {
    await openNode();
    let finish!: (status: number) => void;
    receiver.answer(200, new Promise((resolve) => (finish = resolve)));
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    const stopped = nodes.pop()!.app.close();
    finish(200);
    await stopped;
    expect(await rowOf('a')).toMatchObject({ state: 'delivered', attempts: 1 });
  });

  it('does not count as failed what was delivered, when only storing that failed', async () => {
    await openNode({ schedule: [] });
    await writer.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON delivery FOR EACH ROW WHEN (NEW.state = 'delivered') EXECUTE FUNCTION refuse()`);
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    expect(await rowOf('a')).toMatchObject({ state: 'pending', attempts: 1, last_error: null });
    await writer.query('DROP TRIGGER refuse ON delivery');
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('ignores the outcome of a try whose lease has passed to another', async () => {
    await writer.query(queue, [['a']]);
    const deliveries = new DeliveryRepository(new Statements(writer));
    const claim = async () => (await deliveries.claim(new Map([[testChannel, 1]]), [], 0))[0]!;
    const [dead, next] = [await claim(), await claim()];
    expect([dead.attempts, next.attempts]).toEqual([1, 2]);
    const held = await rowOf('a');
    await deliveries.end(dead, 'failed', 'late');
    await deliveries.end(dead, 'delivered');
    await deliveries.postpone(dead, 3_600, 'late');
    expect(await deliveries.renew([dead], 3_600)).toEqual([]);
    expect(await rowOf('a')).toEqual(held);
    await deliveries.end(next, 'delivered');
    expect(await rowOf('a')).toMatchObject({ state: 'delivered', last_error: null });
  });

  it('aborts a try whose time limit is over, so that no two are under way', async () => {
    const limit = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(limit.signal);
    await openNode({ timeoutSeconds: 60 });
    receiver.answer(200, 'never');
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    expect(timeout).toHaveBeenCalledWith(20_000);
    expect(await receiver.connections()).toBe(1);
    limit.abort();
    await eventually(async () => (await rowOf('a')).last_error === 'It was not done within 20 s');
    await eventually(async () => (await receiver.connections()) === 0);
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 2 });
    timeout.mockRestore();
  });

  it('does not wait for a try that takes too long: another node makes it again', async () => {
    await openNode({ timeoutSeconds: 18 });
    receiver.answer(200, 'never');
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    const began = performance.now();
    await nodes.pop()!.app.close();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await rowOf('a')).toMatchObject({ state: 'pending', attempts: 1 });
  });

  it('goes on once the database is back from an outage in the middle of a try', async () => {
    let gaveUp!: () => void;
    const givenUp = new Promise<void>((resolve) => (gaveUp = resolve));
    await openNode({
      warned: (message) => {
        if (message.includes('could not be written down')) gaveUp();
      },
    });
    let finish!: (status: number) => void;
    receiver.answer(200, new Promise((resolve) => (finish = resolve)));
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    await outage(database.url, () => {
      // It has been delivered, but the node cannot write that down.
      finish(200);
      return givenUp;
    });
    await writer.query(queue, [['b']]);
    expect(await ended('b')).toMatchObject({ state: 'delivered' });
    expect(await ended('a')).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('is at least once: a try that died with its node is made by another', async () => {
    receiver.answer(200, 'never');
    const holder = join(__dirname, '../support/hold-delivery-node.ts');
    const told = JSON.stringify({ ...options, ...places() });
    const child = spawn(process.execPath, ['-r', '@swc-node/register', holder, told]);
    await once(child.stdout, 'data');
    await writer.query(queue, [['a']]);
    await receiver.received('/a');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const diedAt = performance.now();
    await openNode();
    expect(await rowOf('a')).toMatchObject({ state: 'pending', attempts: 1 });
    const row = await ended('a');
    expect(row).toMatchObject({ state: 'delivered', attempts: 2 });
    const calls = await receiver.received('/a', 2);
    expect(calls[1]!.at - diedAt).toBeLessThan(10_000);
    expect(calls.map(({ headers }) => headers['x-delivery'])).toEqual([row.id, row.id]);
  });
});
