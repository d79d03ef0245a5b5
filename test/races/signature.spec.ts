import { setTimeout as pause } from 'node:timers/promises';
import { compactVerify } from 'jose';
import { Client } from 'pg';
import { eventually } from '../support/eventually';
import { registerTenant } from '../support/fixtures';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { openApplication, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

const rounds = 500;
const lanes = 10;
const message = 'Pay 12.50 EUR to Bob';

/** Brings the end of its time so near that it may come before, between or after the rivals. */
const endSoon = `UPDATE signature SET expires_at = clock_timestamp() + make_interval(secs => random() * 0.05) WHERE id = $1`;

type End = 'confirmed' | 'rejected' | 'cancelled' | 'expired';

/** What every caller must have been answered, by how it ended. */
const answers = {
  confirmed: { decision: 'OK', cancel: 'Transaction already confirmed', result: 'CONFIRMED' },
  rejected: { decision: 'OK', cancel: 'Transaction already rejected', result: 'REJECTED' },
  cancelled: {
    decision: 'Transaction cancelled by the server',
    cancel: 'Transaction cancelled successfully',
    result: 'CANCELLED',
  },
  expired: { decision: 'Transaction already expired', cancel: 'Transaction already expired', result: 'EXPIRED' },
} as const satisfies Record<End, object>;

describe('decide against cancel against expiry, through two nodes', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await openApplication({}, 2);
  });
  afterAll(() => application.close());

  it(`has one winner in each of ${rounds} rounds, and each caller is answered which`, async () => {
    const tenant = await registerTenant(application.dataSource);
    const token = await accessToken(application.url, tenant);
    const [one, two] = application.nodes.map(({ url }) => new TestBackend(url, tenant.id, token));
    const ends: Record<End, number> = { confirmed: 0, rejected: 0, cancelled: 0, expired: 0 };

    const play = async (device: TestDevice, round: number): Promise<void> => {
      const start = startBody({ callbackUrl: '', deviceId: device.id, signatureMessage: message });
      const { transactionId } = start;
      const result = one!.start(start).then(({ body }) => body.data[0]);
      await device.fetch(30);
      if (round % 3 === 0) await application.dataSource.query(endSoon, [transactionId]);
      const confirms = round % 2 === 0;
      const [decision, cancel] = await Promise.all([
        confirms ? device.confirm(transactionId, message) : device.decide(transactionId, { decision: 'CANCEL' }),
        // A decision takes longer than a cancel; without a head start it would seldom win.
        pause(Math.random() * 60).then(() =>
          (round % 4 < 2 ? one! : two!).cancel({ deviceId: device.id, transactionId }),
        ),
      ]);

      const end = await eventually(async () => {
        const [row] = await application.dataSource.query(`SELECT status FROM signature WHERE id = $1`, [transactionId]);
        return row.status in answers && (row.status as End);
      });
      ends[end] += 1;
      const said = answers[end];
      expect({
        decision: decision.status === 200 ? 'OK' : decision.body.message,
        cancel: cancel.body.message,
        result: (await result).signatureResult,
      }).toEqual(said);
      const history = await application.dataSource.query(
        `SELECT "to" FROM history WHERE approval = $1 AND "to" IN ('confirmed', 'rejected', 'cancelled', 'expired')`,
        [transactionId],
      );
      expect(history).toEqual([{ to: end }]);
      if (end !== 'confirmed') expect(await result).not.toHaveProperty('signature');
      else await compactVerify((await result).signature, device.publicKey);
    };

    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const device = await TestDevice.plant(application.dataSource, application.nodes[1]!.url, tenant.id);
        for (let round = lane; round < rounds; round += lanes) await play(device, round);
      }),
    );
    // Otherwise there was no race.
    for (const end of Object.keys(ends) as End[]) expect([end, ends[end]]).not.toEqual([end, 0]);
  }, 240_000);

  it('leaves no transaction open for a device that is deleted while it is started', async () => {
    const tenant = await registerTenant(application.dataSource);
    const token = await accessToken(application.url, tenant);
    const [one, two] = application.nodes.map(({ url }) => new TestBackend(url, tenant.id, token));
    for (let round = 0; round < 100; round += 1) {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
      const [transactionId] = await Promise.all([one!.started(), two!.delete(device.id).expect(200)]);
      const [row] = await application.dataSource.query('SELECT status, devices FROM signature WHERE id = $1', [
        transactionId,
      ]);
      const addressed = Object.keys(row.devices).includes(device.id);
      expect({ addressed, status: row.status }).toEqual({ addressed, status: addressed ? 'cancelled' : 'waiting' });
    }
  });

  it('begins nothing when one of the devices it names is deleted meanwhile', async () => {
    const tenant = await registerTenant(application.dataSource);
    const backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
    const [kept, deleted] = [
      await TestDevice.plant(application.dataSource, application.url, tenant.id),
      await TestDevice.plant(application.dataSource, application.url, tenant.id),
    ];
    const rival = new Client({ connectionString: application.database.url });
    await rival.connect();
    await rival.query('BEGIN');
    await rival.query('DELETE FROM device WHERE id = $1', [deleted.id]);
    const start = startBody({ deviceId: [kept.id, deleted.id] });
    const answer = backend.start(start).then((response) => response);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await eventually(async () => (await rival.query(waiting)).rowCount !== 0);
    await rival.query('COMMIT');
    await rival.end();
    expect((await answer).body).toMatchObject({ status: 'DEVICE_NOT_FOUND' });
    expect(
      await application.dataSource.query('SELECT 1 FROM history WHERE approval = $1', [start.transactionId]),
    ).toEqual([]);
    await backend.start({ ...start, deviceId: [kept.id] }).expect(200);
  });

  it('takes no decision of a device once its lock was answered', async () => {
    const tenant = await registerTenant(application.dataSource);
    const token = await accessToken(application.url, tenant);
    const [one, two] = application.nodes.map(({ url }) => new TestBackend(url, tenant.id, token));
    const device = await TestDevice.plant(application.dataSource, application.url, tenant.id);
    for (let round = 0; round < 50; round += 1) {
      const transactionId = await one!.started();
      await device.fetch();
      const decisions: number[] = [];
      let locked = false;
      const decide = async (): Promise<void> => {
        const isLate = locked;
        const { status } = await device.decide(transactionId, { decision: 'CANCEL' });
        if (isLate) decisions.push(status);
      };
      const lock = two!.lock(device.id).then(() => (locked = true));
      await Promise.all([decide(), lock.then(decide), lock.then(decide)]);
      expect(decisions).toEqual([409, 409]);
      await one!.unlock(device.id).expect(200);
    }
  });
});
