import { registerTenant, type TestTenant } from '../../support/fixtures';
import { eventually } from '../../support/eventually';
import { accessToken, TestBackend } from '../../support/signatures';
import { openApplication, openNode, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const message = 'Pay 12.50 EUR to Bob – “now”';

describe('what a device fetches', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let backend: TestBackend;
  let device: TestDevice;
  beforeAll(async () => {
    application = await openApplication({}, 2);
    tenant = await registerTenant(application.dataSource);
    backend = new TestBackend(application.url, tenant.id, await accessToken(application.url, tenant));
  });
  beforeEach(async () => {
    await application.dataSource.query('DELETE FROM signature');
    await application.dataSource.query('DELETE FROM device');
    device = await plant();
  });
  afterAll(() => application.close());

  const plant = () => TestDevice.plant(application.dataSource, application.url, tenant.id);
  const start = (changes: object = {}) => backend.started({ signatureMessage: message, ...changes });
  const everywhere = (transactionId: string) => ({ deviceId: ['-1'], transactionId });
  const idsOf = ({ body }: { body: { data: { transactionId: string }[] } }) =>
    body.data.map(({ transactionId }) => transactionId);
  const stored = async (id: string) =>
    (await application.dataSource.query('SELECT * FROM signature WHERE id = $1', [id]))[0];

  describe('fetching', () => {
    it('shows what is open, and marks it as delivered', async () => {
      const transactionId = await start({ pinRequired: true, signatureTimeout: '100' });
      const { status, body } = await device.fetch();
      expect({ status, ...body }).toEqual({
        status: 'OK',
        subSystem: 6,
        message: 'Transactions fetched successfully',
        data: [
          {
            transactionId,
            userId: 'alice',
            signatureMessage: message,
            pinRequired: true,
            expiresAt: expect.any(String),
          },
        ],
      });
      const leftMs = new Date(body.data[0].expiresAt).getTime() - Date.now();
      expect(leftMs).toBeGreaterThan(90_000);
      expect(leftMs).toBeLessThan(101_000);
      expect(await stored(transactionId)).toMatchObject({ status: 'delivered', devices: { [device.id]: 'delivered' } });
    });

    it('shows the same again after a lost answer, and lets the time run from the first delivery', async () => {
      await start();
      const first = await device.fetch();
      expect((await device.fetch()).body.data).toEqual(first.body.data);
      const second = await plant();
      expect((await second.fetch()).body.data).toEqual([]);
    });

    it('lets no later fetch prolong the time, by the same device or another', async () => {
      const other = await plant();
      const transactionId = await start();
      await device.fetch();
      const { expires_at: deadline } = await stored(transactionId);
      for (const each of [device, other, other]) {
        expect((await each.fetch()).body.data).toMatchObject([{ transactionId, expiresAt: deadline.toISOString() }]);
        expect((await stored(transactionId)).expires_at).toEqual(deadline);
      }
      expect(await stored(transactionId)).toMatchObject({
        devices: { [device.id]: 'delivered', [other.id]: 'delivered' },
      });
    });

    it('shows each device only what it was started for', async () => {
      const other = await plant();
      const transactionId = await start({ deviceId: other.id });
      expect(idsOf(await device.fetch())).toEqual([]);
      expect(idsOf(await other.fetch())).toEqual([transactionId]);
    });

    it('waits, and is notified at once, on another node too', async () => {
      const waiting = device.at(application.nodes[1]!.url).fetch(30);
      await untilSeen(device);
      const startedAt = performance.now();
      const transactionId = await start();
      expect(idsOf(await waiting)).toEqual([transactionId]);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    });

    it('waits as long as there is nothing new, and then shows what it has', async () => {
      const transactionId = await start();
      await device.fetch();
      const startedAt = performance.now();
      expect(idsOf(await device.fetch(1))).toEqual([transactionId]);
      expect(performance.now() - startedAt).toBeGreaterThan(990);
    });

    it('marks nothing as delivered for a device that has hung up', async () => {
      const hangUp = new AbortController();
      const headers = { authorization: `Bearer ${await device.token()}` };
      const gone = fetch(`${application.url}/device/v1/signatures?wait=30`, { headers, signal: hangUp.signal });
      await untilSeen(device);
      hangUp.abort();
      await expect(gone).rejects.toThrow('abort');
      const transactionId = await start();
      expect(idsOf(await device.fetch())).toEqual([transactionId]);
      const rows = await application.dataSource.query(
        `SELECT move FROM history WHERE approval = $1 AND move = 'deliver'`,
        [transactionId],
      );
      expect(rows).toHaveLength(1);
    });

    it('ends at once on a node that stops', async () => {
      const leaving = await openNode(application.database);
      const waiting = device.at(leaving.url).fetch(60);
      await untilSeen(device);
      await leaving.close();
      expect(idsOf(await waiting)).toEqual([]);
    });

    it.each(['-1', '61', 'long'])('refuses to wait %s seconds', async (wait) => {
      const { status, body } = await device.fetch(wait as unknown as number);
      expect({ status, message: body.message }).toEqual({
        status: 400,
        message: 'wait must be a whole number of seconds, at most 60',
      });
    });

    it('shows nothing to a locked device, and notifies it when it is unlocked', async () => {
      const transactionId = await start();
      await backend.lock(device.id).expect(200);
      expect(idsOf(await device.fetch())).toEqual([]);
      await application.dataSource.query('UPDATE device SET seen_at = NULL');
      const waiting = device.fetch(30);
      await untilSeen(device);
      await backend.unlock(device.id).expect(200);
      expect(idsOf(await waiting)).toEqual([transactionId]);
    });

    it('shows nothing that was cancelled, or is over', async () => {
      await backend.cancel(everywhere(await start())).expect(200);
      const late = await start();
      await application.dataSource.query('UPDATE signature SET expires_at = clock_timestamp() WHERE id = $1', [late]);
      expect(idsOf(await device.fetch())).toEqual([]);
    });
  });

  async function untilSeen({ id }: TestDevice): Promise<void> {
    await eventually(async () => {
      const [row] = await application.dataSource.query('SELECT seen_at FROM device WHERE id = $1', [id]);
      return row.seen_at !== null;
    });
  }
});
