import { createHash, generateKeyPairSync } from 'node:crypto';
import { compactVerify, SignJWT } from 'jose';
import { Client } from 'pg';
import { SealedSignatures } from '../../../src/signature/sealed-signatures';
import { eventually } from '../../support/eventually';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { accessToken, TestBackend } from '../../support/signatures';
import { openApplication, type TestApplication } from '../../support/test-app';
import { TestDevice } from '../../support/test-device';

const message = 'Pay 12.50 EUR to Bob – “now”';

describe('what a device decides', () => {
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

  describe('deciding', () => {
    it('confirms with a signature that others can verify', async () => {
      const transactionId = await start();
      await device.fetch();
      const { status, body } = await device.confirm(transactionId, message);
      expect({ httpStatus: status, ...body }).toEqual({
        httpStatus: 200,
        subSystem: 6,
        status: 'OK',
        message: 'Decision accepted',
      });
      const row = await stored(transactionId);
      expect(row).toMatchObject({ status: 'confirmed', decided_by: device.id });
      const sealed = application.nodes[0]!.app.get(SealedSignatures);
      const signature = sealed.open({ tenantId: tenant.id, id: transactionId }, 'signature', row.signature as Buffer);
      const { payload } = await compactVerify(signature, device.publicKey);
      expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
        transactionId,
        userId: 'alice',
        messageSha256: createHash('sha256').update(message).digest('hex'),
      });
    });

    it('rejects without one', async () => {
      const transactionId = await start();
      await device.fetch();
      expect((await device.decide(transactionId, { decision: 'CANCEL' })).status).toBe(200);
      expect(await stored(transactionId)).toMatchObject({ status: 'rejected', decided_by: device.id, signature: null });
    });

    it('lets the first device win, and answers the others which decision won', async () => {
      const other = await plant();
      const transactionId = await start();
      await Promise.all([device.fetch(), other.fetch()]);
      expect((await other.confirm(transactionId, message)).status).toBe(200);
      const { status, body } = await device.decide(transactionId, { decision: 'CANCEL' });
      expect({ httpStatus: status, ...body }).toEqual({
        httpStatus: 409,
        subSystem: 6,
        status: 'CONFLICT',
        message: 'Transaction already confirmed',
      });
    });

    it('answers SERVER_CANCEL after a cancel', async () => {
      const transactionId = await start();
      await device.fetch();
      const cancelled = await backend.cancel(everywhere(transactionId)).expect(200);
      expect(cancelled.body.data).toEqual([
        { deviceId: device.id, userId: 'alice', transactionId, cancelResult: 'TRANSACTION_DISCARDED_FROM_CLIENT' },
      ]);
      const { status, body } = await device.confirm(transactionId, message);
      expect({ httpStatus: status, ...body }).toEqual({
        httpStatus: 409,
        subSystem: 6,
        status: 'SERVER_CANCEL',
        message: 'Transaction cancelled by the server',
      });
      expect(await stored(transactionId)).toMatchObject({ status: 'cancelled', signature: null });
    });

    it('answers SERVER_CANCEL after a cancel for this device alone', async () => {
      const other = await plant();
      const transactionId = await start();
      await Promise.all([device.fetch(), other.fetch()]);
      const { body } = await backend.cancel({ deviceId: device.id, transactionId }).expect(200);
      expect(body.data).toMatchObject([{ deviceId: device.id, cancelResult: 'TRANSACTION_DISCARDED_FROM_CLIENT' }]);
      expect((await device.confirm(transactionId, message)).body.status).toBe('SERVER_CANCEL');
      expect(idsOf(await device.fetch())).toEqual([]);
      expect((await other.confirm(transactionId, message)).status).toBe(200);
    });

    it('is refused once the transaction has expired', async () => {
      const transactionId = await start();
      await device.fetch();
      await application.dataSource.query('UPDATE signature SET expires_at = clock_timestamp() WHERE id = $1', [
        transactionId,
      ]);
      const { body } = await device.confirm(transactionId, message);
      expect(body).toMatchObject({ status: 'CONFLICT', message: 'Transaction already expired' });
    });

    it('is refused before the device has fetched the transaction', async () => {
      const transactionId = await start();
      const { status, body } = await device.confirm(transactionId, message);
      expect({ status, message: body.message }).toEqual({
        status: 409,
        message: 'Transaction has not been fetched by this device',
      });
    });

    it.each(['unheard', '\0', 'a'.repeat(50_000)])('answers 404 for an unknown transaction', async (transactionId) => {
      for (const decision of [
        { decision: 'CANCEL' },
        { decision: 'OK', signature: await device.sign('unheard', message) },
      ]) {
        const { status, body } = await device.decide(transactionId, decision);
        expect({ httpStatus: status, status: body.status }).toEqual({
          httpStatus: 404,
          status: 'TRANSACTION_NOT_FOUND',
        });
      }
    });

    it.each([
      [{}, 'decision should not be null or empty'],
      [{ decision: 'ok' }, 'decision must be OK or CANCEL'],
      [{ decision: 'OK', signature: 7 }, 'signature must be a string'],
    ])('refuses %j', async (decision, said) => {
      const { status, body } = await device.decide('demo', decision);
      expect({ httpStatus: status, ...body }).toEqual({
        httpStatus: 400,
        subSystem: 6,
        status: 'BAD_REQUEST',
        message: said,
      });
    });
  });

  describe('forgeries', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const unsigned = (claims: object) =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
    const forgeries: [string, (id: string) => Promise<string | undefined>][] = [
      ['no signature', () => Promise.resolve(undefined)],
      ['something that is no JWS', () => Promise.resolve('signature')],
      ['an unsigned one', (id) => Promise.resolve(unsigned({ transactionId: id, userId: 'alice' }))],
      ['one by another key', (id) => device.sign(id, message, {}, stranger)],
      ["another transaction's", () => device.sign('another', message)],
      ['one of a changed message', (id) => device.sign(id, message.replace('12.50', '1250'))],
      ["another user's", (id) => device.sign(id, message, { userId: 'bob' })],
      ['one without a time', (id) => device.sign(id, message, { iat: undefined })],
      ['one of tomorrow', (id) => device.sign(id, message, { iat: Math.floor(Date.now() / 1000) + 86_400 })],
      [
        'one that is a shared secret of the public key',
        (id) =>
          new SignJWT({ transactionId: id, userId: 'alice', iat: 1 })
            .setProtectedHeader({ alg: 'HS256' })
            .sign(device.publicKey.export({ format: 'der', type: 'spki' })),
      ],
    ];
    it.each(forgeries)('%s is refused', async (_, forge) => {
      const transactionId = await start();
      await device.fetch();
      const { status, body } = await device.decide(transactionId, {
        decision: 'OK',
        signature: await forge(transactionId),
      });
      expect({ httpStatus: status, status: body.status }).toEqual({ httpStatus: 400, status: 'INVALID_SIGNATURE' });
      expect(await stored(transactionId)).toMatchObject({ status: 'delivered', signature: null });
      expect((await device.confirm(transactionId, message)).status).toBe(200);
    });

    it('another device cannot decide in the place of the one that was asked', async () => {
      const other = await plant();
      const transactionId = await start({ deviceId: device.id });
      await device.fetch();
      expect((await other.confirm(transactionId, message)).body.status).toBe('TRANSACTION_NOT_FOUND');
      const signature = await device.sign(transactionId, message);
      expect((await other.decide(transactionId, { decision: 'OK', signature })).body.status).toBe(
        'TRANSACTION_NOT_FOUND',
      );
      expect((await other.decide(transactionId, { decision: 'CANCEL' })).body.status).toBe('TRANSACTION_NOT_FOUND');
    });

    it('a locked device decides nothing', async () => {
      const transactionId = await start();
      await device.fetch();
      await backend.lock(device.id).expect(200);
      for (const answer of [
        await device.confirm(transactionId, message),
        await device.decide(transactionId, { decision: 'CANCEL' }),
      ])
        expect({ status: answer.status, message: answer.body.message }).toEqual({
          status: 409,
          message: 'Device is locked',
        });
      await backend.unlock(device.id).expect(200);
      expect((await device.confirm(transactionId, message)).status).toBe(200);
    });

    it('a lock waits for a decision that is under way, and is answered after it', async () => {
      const transactionId = await start();
      await device.fetch();
      const rival = new Client({ connectionString: application.database.url });
      // What other sessions do is a snapshot within a transaction: the rival cannot watch them.
      const observer = new Client({ connectionString: application.database.url });
      await Promise.all([rival.connect(), observer.connect()]);
      // Longer than a decision waits for the row before it takes its turn in the queue.
      const waiting = (longerThan: string): Promise<number | null> =>
        observer
          .query(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND clock_timestamp() - query_start > $1::interval`,
            [longerThan],
          )
          .then(({ rowCount }) => rowCount);
      await rival.query('BEGIN');
      await rival.query('SELECT 1 FROM signature WHERE id = $1 FOR UPDATE', [transactionId]);
      const decision = device.confirm(transactionId, message);
      await eventually(async () => (await waiting('100 milliseconds')) === 1);
      let isLocked = false;
      const lock = backend.lock(device.id).then(({ status }) => {
        isLocked = true;
        return status;
      });
      await eventually(async () => isLocked || (await waiting('0')) === 2);
      expect(isLocked).toBe(false);
      await rival.query('COMMIT');
      await Promise.all([rival.end(), observer.end()]);
      expect([(await decision).status, await lock]).toEqual([200, 200]);
    });

    it('a deleted device decides nothing, on a node that still knows its key either', async () => {
      const elsewhere = device.at(application.nodes[1]!.url);
      const transactionId = await start();
      await elsewhere.fetch();
      await backend.delete(device.id).expect(200);
      for (const each of [device, elsewhere]) {
        expect((await each.decide(transactionId, { decision: 'CANCEL' })).status).toBe(401);
        expect((await each.fetch()).status).toBe(401);
      }
      expect(await stored(transactionId)).toMatchObject({ status: 'cancelled' });
    });
  });

  it('deleting one of two devices leaves the transaction to the other', async () => {
    const other = await plant();
    const transactionId = await start();
    await Promise.all([device.fetch(), other.fetch()]);
    await backend.delete(device.id).expect(200);
    expect(await stored(transactionId)).toMatchObject({
      status: 'delivered',
      devices: { [device.id]: 'recalled', [other.id]: 'delivered' },
    });
    expect((await other.confirm(transactionId, message)).status).toBe(200);
  });
});
