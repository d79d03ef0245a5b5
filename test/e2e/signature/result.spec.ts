import { compactVerify } from 'jose';
import { type OfferedSignature } from '../../../src/signature/offers/offer.dto';
import { ResultRepository } from '../../../src/signature/result/result.repository';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { eventually } from '../../support/eventually';
import { accessToken, startBody, TestBackend } from '../../support/signatures';
import { generousLimits, openApplication, openNode, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const message = 'Pay 12.50 EUR to Bob';

describe('a start without a callback', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  /** At the first node; devices are at the second. */
  let backend: TestBackend;
  let elsewhere: TestBackend;
  let device: TestDevice;
  beforeAll(async () => {
    application = await openApplication(generousLimits, 2);
    tenant = await registerTenant(application.dataSource);
    const token = await accessToken(application.url, tenant);
    backend = new TestBackend(application.url, tenant.id, token);
    elsewhere = new TestBackend(application.nodes[1]!.url, tenant.id, token, 'SHIFT');
    device = await TestDevice.plant(application.dataSource, application.nodes[1]!.url, tenant.id);
  });
  afterAll(() => application.close());

  /** Starts a transaction and goes on once the caller waits. */
  const begin = async (changes: object = {}) => {
    const body = startBody({ callbackUrl: undefined, signatureMessage: message, ...changes });
    const answer = backend.start(body).then((response) => ({ response, at: performance.now() }));
    await eventually(async () => {
      const rows = await application.dataSource.query('SELECT 1 FROM signature WHERE id = $1', [body.transactionId]);
      return rows.length === 1;
    });
    return { transactionId: body.transactionId, body, answer };
  };
  const everywhere = (transactionId: string) => ({ deviceId: ['-1'], transactionId });

  it('is answered by the notice of the decision on another node', async () => {
    // What each second's look would find, if the notice were lost.
    const looks = application.nodes.map(({ app }) =>
      jest.spyOn(app.get(ResultRepository), 'ended').mockResolvedValue([]),
    );
    const { transactionId, answer } = await begin();
    await device.fetch();
    expect((await device.confirm(transactionId, message)).status).toBe(200);
    const decidedAt = performance.now();
    const { response, at } = await answer;
    for (const look of looks) look.mockRestore();
    expect(at - decidedAt).toBeLessThan(5_000);
    expect(response.body).toEqual({
      subSystem: 5,
      status: 'OK',
      message: 'Transaction started successfully',
      data: [
        {
          deviceId: device.id,
          userId: 'alice',
          transactionId,
          signatureResult: 'CONFIRMED',
          signature: expect.any(String),
        },
      ],
    });
    await compactVerify(response.body.data[0].signature, device.publicKey);
  });

  it('is answered with a rejection', async () => {
    const { transactionId, answer } = await begin();
    await device.fetch();
    await device.decide(transactionId, { decision: 'CANCEL' });
    const { response } = await answer;
    expect(response.body.data).toEqual([
      { deviceId: device.id, userId: 'alice', transactionId, signatureResult: 'REJECTED' },
    ]);
  });

  it('is answered with a cancel on another node', async () => {
    const { transactionId, answer } = await begin();
    await elsewhere.cancel(everywhere(transactionId)).expect(200);
    const { response } = await answer;
    expect(response.body.data).toMatchObject([{ transactionId, signatureResult: 'CANCELLED' }]);
  });

  it('is answered that the device was offline, or the user silent, when the time is over', async () => {
    const offline = await begin({ deviceGoOnlineTimeout: '1' });
    const { response } = await offline.answer;
    expect(response.body.data).toMatchObject([{ signatureResult: 'DEVICE_OFFLINE' }]);

    const silent = await begin({ signatureTimeout: '1' });
    await device.fetch();
    expect((await silent.answer).response.body.data).toMatchObject([{ signatureResult: 'EXPIRED' }]);
  });

  it("is answered when the approvals' clock is moved past the end", async () => {
    const { answer } = await begin({ deviceGoOnlineTimeout: '3600' });
    await application.dataSource.query(`UPDATE approval_clock SET advance = interval '2 hours'`);
    expect((await answer).response.body.data).toMatchObject([{ signatureResult: 'DEVICE_OFFLINE' }]);
    await application.dataSource.query(`UPDATE approval_clock SET advance = interval '0'`);
  });

  it('expires by the clock, and is written down as expired', async () => {
    const { transactionId, answer } = await begin({ deviceGoOnlineTimeout: '1' });
    await answer;
    const { body } = await elsewhere.cancel(everywhere(transactionId)).expect(409);
    expect(body.message).toBe('Transaction already expired');
    await eventually(async () => {
      const [row] = await application.dataSource.query('SELECT status FROM signature WHERE id = $1', [transactionId]);
      return row.status === 'expired';
    });
    const rows = await application.dataSource.query(
      'SELECT move, actor FROM history WHERE approval = $1 ORDER BY seq',
      [transactionId],
    );
    expect(rows[1]).toEqual({ move: 'lapse', actor: 'clock' });
  });

  it('carries the id of no request where the clock ended it, however many ask meanwhile', async () => {
    const start = (): Promise<string> => backend.started({ deviceGoOnlineTimeout: '1' });
    // So that requests are what new connections are made for.
    await application.dataSource.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await eventually(async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => [backend.devices(), elsewhere.devices()]).flat(),
      );
      return answers.every(({ status }) => status === 200);
    });
    const ids = await Promise.all(Array.from({ length: 40 }, start));
    const ended = `SELECT request_id AS "requestId" FROM history WHERE approval = ANY ($1) AND actor = 'clock'`;
    const rows = await eventually(async () => {
      await Promise.all([start(), start(), elsewhere.devices(), backend.devices()]);
      const found = await application.dataSource.query<{ requestId: string | null }[]>(ended, [ids]);
      return found.length === ids.length && found;
    });
    expect(rows.filter(({ requestId }) => requestId !== null)).toEqual([]);
    // A device fetches 20 at a time: the tests that follow need none of these.
    await eventually(async () => {
      const open = await application.dataSource.query(
        `SELECT FROM signature WHERE status = 'waiting' AND expires_at < clock_timestamp() + interval '2 seconds'`,
      );
      return open.length === 0;
    });
  });

  it('is answered within some seconds where the notice of its end is lost', async () => {
    const { transactionId, answer } = await begin();
    // As when the node that ended it dies between its commit and the notice.
    application.database.leaveUnchecked();
    await application.dataSource.query(`UPDATE signature SET status = 'cancelled' WHERE id = $1`, [transactionId]);
    const endedAt = performance.now();
    const { response, at } = await answer;
    expect(response.body.data).toMatchObject([{ signatureResult: 'CANCELLED' }]);
    expect(at - endedAt).toBeLessThan(5_000);
  });

  it('reaches a device that waits within some seconds where the notice of its beginning is lost', async () => {
    const other = await registerTenant(application.dataSource);
    const waiting = await TestDevice.plant(application.dataSource, application.url, other.id);
    const fetched = waiting.fetch(20);
    await eventually(async () => {
      const [seen] = await application.dataSource.query<{ waits: boolean }[]>(
        `SELECT seen_at > now() - interval '1 s' AS waits FROM device WHERE id = $1`,
        [waiting.id],
      );
      return seen?.waits;
    });
    const begunAt = performance.now();
    await application.dataSource.query(
      `INSERT INTO signature (tenant_id, id, status, revision, head, expires_at, user_id, devices, signature_seconds, message, pin_required, content_hash)
       SELECT tenant_id, 'unheard', 'waiting', 0, '', clock_timestamp() + interval '1 minute', user_id,
         jsonb_build_object(id::text, 'waiting'), 60, 'x', false, '' FROM device WHERE id = $1`,
      [waiting.id],
    );
    expect((await fetched).body.data).toMatchObject([{ transactionId: 'unheard' }]);
    expect(performance.now() - begunAt).toBeLessThan(5_000);
  });

  it('answers a repeated start with the same result, also after the end', async () => {
    const { transactionId, body, answer } = await begin();
    const again = elsewhere.start(body).then((response) => response.body);
    await device.fetch();
    await device.confirm(transactionId, message);
    const first = (await answer).response.body;
    expect(await again).toEqual(first);
    expect((await elsewhere.start(body).expect(200)).body).toEqual(first);
  });

  it('stays as it is when the caller hangs up', async () => {
    const hangUp = new AbortController();
    const body = startBody({ callbackUrl: '', signatureMessage: message });
    const gone = fetch(`${application.url}/digitanium/v4/users/alice/signature`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backend.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: hangUp.signal,
    });
    await eventually(async () =>
      (await device.fetch()).body.data.some(
        ({ transactionId }: OfferedSignature) => transactionId === body.transactionId,
      ),
    );
    hangUp.abort();
    await expect(gone).rejects.toThrow('abort');
    expect((await device.confirm(body.transactionId, message)).status).toBe(200);
    const result = await backend.start(body).expect(200);
    expect(result.body.data).toMatchObject([{ signatureResult: 'CONFIRMED' }]);
  });

  it('is taken up on another node when its own stops', async () => {
    const leaving = await openNode(application.database);
    const body = startBody({ callbackUrl: '', signatureMessage: message });
    const cutShort = new TestBackend(leaving.url, tenant.id, backend.token).start(body).then((answer) => answer);
    await eventually(async () => {
      const rows = await application.dataSource.query('SELECT 1 FROM signature WHERE id = $1', [body.transactionId]);
      return rows.length === 1;
    });
    await leaving.close();
    const told = await cutShort;
    expect(told.status).toBe(503);
    expect(told.headers['retry-after']).toBe('1');
    expect(told.body.message).toMatch(/repeat it to find out/);
    const taken = backend.start(body).then((response) => response.body.data);
    await elsewhere.cancel(everywhere(body.transactionId)).expect(200);
    expect(await taken).toMatchObject([{ signatureResult: 'CANCELLED' }]);
  });

  it('survives the loss of the connection that listens', async () => {
    const { transactionId, answer } = await begin();
    const lost = await application.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN wake_up'`,
    );
    expect(lost).toHaveLength(2);
    await device.fetch();
    await device.confirm(transactionId, message);
    expect((await answer).response.body.data).toMatchObject([{ signatureResult: 'CONFIRMED' }]);
  });
});
