import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { type Checkpoint } from '../../../src/approvals/checkpoints/checkpoint';
import {
  askHistory,
  checkpointAll,
  checkpointsOf,
  hashOf,
  isSigned,
  plantHistory,
  unscheduleCheckpoints,
} from '../../support/checkpoints';
import { eventually } from '../../support/eventually';
import { asOwner } from '../../support/forgery';
import { rootByInclusion, rootsByConsistency } from '../../support/proofs';
import { openApplication, type TestApplication } from '../../support/test-app';

describe('The checkpoints of history', () => {
  let application: TestApplication;
  beforeEach(async () => {
    application = await openApplication({}, 2);
    await unscheduleCheckpoints(application);
  });
  afterEach(() => application.close());

  const ask = (path: string, query?: object) => askHistory(application)(path, query);
  const newest = async (): Promise<Checkpoint> => (await checkpointsOf(application)).at(-1)!;
  const planted = (): Promise<{ approval: string; hash: string }[]> =>
    application.dataSource.query(`SELECT approval, encode(hash, 'hex') AS hash FROM history ORDER BY at`);

  it('are signed, chained, and complete until a minute before', async () => {
    const log = jest.spyOn(Logger.prototype, 'log');
    await plantHistory(application.dataSource, 3);
    await checkpointAll(application);
    await plantHistory(application.dataSource, 2);
    await checkpointAll(application, 1);
    const checkpoints = await checkpointsOf(application);
    const { body: key } = await ask('/checkpoints/key').expect(200);
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' });
    expect(key).not.toHaveProperty('d');
    checkpoints.forEach((each, index) => {
      const before = checkpoints[index - 1];
      expect(each).toMatchObject({ number: index + 1, previousHash: before ? hashOf(before) : null, kid: key.kid });
      expect(isSigned(each, key)).toBe(true);
      expect(isSigned({ ...each, size: each.size + 1 }, key)).toBe(false);
      expect(Date.parse(each.at) - Date.parse(each.completeUntil!)).toBeGreaterThanOrEqual(59_999);
      expect(log).toHaveBeenCalledWith({ checkpoint: each }, 'Checkpoint of the history');
    });
    expect(new Set(checkpoints.map(({ size }) => size))).toEqual(new Set([3, 5]));
  });

  it('prove each row of an approval, and that each is the beginning of the next', async () => {
    await plantHistory(application.dataSource, 300);
    await checkpointAll(application);
    await plantHistory(application.dataSource, 300);
    await checkpointAll(application);
    const [older, newer] = [(await checkpointsOf(application))[0]!, await newest()];
    const rows = await planted();
    for (const index of [0, 1, 255, 256, 299, 300, 511, 512, 599]) {
      const { approval, hash } = rows[index]!;
      const { body } = await ask('/inclusion', { tenant: 'planted', kind: 'otp', approval }).expect(200);
      const leaf = createHash('sha256')
        .update(Buffer.from([0]))
        .update(`otp\n${hash}`)
        .digest('hex');
      expect(body.rows).toEqual([{ seq: 1, leafHash: leaf, leafIndex: index, path: expect.any(Array) }]);
      expect(rootByInclusion(leaf, index, body.checkpoint.size, body.rows[0].path)).toBe(body.checkpoint.root);
      expect(body.checkpoint.root).toBe(newer.root);
    }
    const { body } = await ask('/checkpoints/consistency', { first: older.number, second: newer.number }).expect(200);
    expect(body).toMatchObject({ first: older, second: newer });
    expect(rootsByConsistency([300, older.root], 600, body.path)).toEqual([older.root, newer.root]);

    const { approval } = rows[400]!;
    const early = { tenant: 'planted', kind: 'otp', approval, checkpoint: older.number };
    expect((await ask('/inclusion', early).expect(200)).body).toEqual({ checkpoint: older, rows: [] });
  });

  it('take up a long history batch after batch, and prove it as well', async () => {
    for (let batch = 0; batch < 11; batch += 1) await plantHistory(application.dataSource, 6_000);
    await checkpointAll(application);
    const checkpoints = await checkpointsOf(application);
    expect(checkpoints.map(({ size }) => size).slice(0, 3)).toEqual([5_000, 10_000, 15_000]);
    const complete = checkpoints.find(({ completeUntil }) => completeUntil !== null)!;
    expect(complete.size).toBe(66_000);
    const [first, last] = [checkpoints[0]!, checkpoints.at(-1)!];
    const { body } = await ask('/checkpoints/consistency', { first: 1, second: last.number }).expect(200);
    expect(rootsByConsistency([5_000, first.root], 66_000, body.path)).toEqual([first.root, last.root]);
    const [{ approval }] = await application.dataSource.query('SELECT approval FROM history_leaf WHERE number = 65535');
    const { body: proof } = await ask('/inclusion', { tenant: 'planted', kind: 'otp', approval }).expect(200);
    const [{ leafHash, path }] = proof.rows;
    expect(rootByInclusion(leafHash, 65_535, 66_000, path)).toBe(last.root);
  });

  it('are complete only until the oldest transaction that may still add to history', async () => {
    const slow = new Client({ connectionString: application.database.url });
    await slow.connect();
    await slow.query('BEGIN');
    const late = `INSERT INTO history (tenant_id, kind, approval, seq, move, "to", actor, at, hash)
      VALUES ('planted', 'otp', 'late', 1, 'begin', 'pending', 'test', clock_timestamp(), '')
      RETURNING transaction_timestamp() AS begun`;
    const { rows } = await slow.query<{ begun: Date }>(late);
    await pause(1_500);
    await plantHistory(application.dataSource, 1);
    await checkpointAll(application);
    const without = await newest();
    expect(without.size).toBe(1);
    expect(rows[0]!.begun.getTime() - Date.parse(without.completeUntil!)).toBeGreaterThanOrEqual(60_000);
    await slow.query('COMMIT');
    await slow.end();
    await checkpointAll(application);
    expect((await newest()).size).toBe(2);
  });

  it('count each row once, however many nodes are at it while rows are written', async () => {
    const write = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) await plantHistory(application.dataSource, 10);
    };
    const sign = async (node: number): Promise<void> => {
      for (let round = 0; round < 10; round += 1) await checkpointAll(application, node);
    };
    await Promise.all([write(), write(), sign(0), sign(1)]);
    await checkpointAll(application);
    const checkpoints = await checkpointsOf(application);
    expect(checkpoints.map(({ number }) => number)).toEqual(checkpoints.map((_, index) => index + 1));
    expect(checkpoints.at(-1)!.size).toBe(400);
    const [counted] = await application.dataSource.query(
      'SELECT count(DISTINCT approval)::int AS approvals, max(number)::int AS last FROM history_leaf',
    );
    expect(counted).toEqual({ approvals: 400, last: 399 });
  });

  it('come every minute, also when nothing has happened', async () => {
    const due = `UPDATE recurring_job SET due_at = clock_timestamp() WHERE name = 'history-checkpoint' RETURNING 1`;
    await eventually(async () => (await application.dataSource.query<[object[], number]>(due))[1] === 1);
    await eventually(async () => (await checkpointsOf(application)).at(-1)?.size === 0);
    await eventually(async () => {
      const [{ seconds }] = await application.dataSource.query(
        `SELECT extract(second FROM due_at)::int AS seconds FROM recurring_job
         WHERE name = 'history-checkpoint' AND due_at BETWEEN now() AND now() + interval '60 s'`,
      );
      return seconds === 0;
    });
  });

  it('are not signed over a forged one, nor over a forged tree', async () => {
    await plantHistory(application.dataSource, 3);
    await checkpointAll(application);
    const forge = (sql: string) => asOwner(application.dataSource, (manager) => manager.query(sql));
    await forge(`UPDATE history_checkpoint SET size = size - 1`);
    await expect(checkpointAll(application)).rejects.toThrow('not signed by our key');
    await forge(`UPDATE history_checkpoint SET size = size + 1`);
    await forge(`UPDATE history_leaf SET hash = sha256(hash) WHERE number = 2`);
    await expect(checkpointAll(application)).rejects.toThrow('is not that of checkpoint');
  });

  it.each(['history_leaf', 'history_subtree', 'history_checkpoint'])('take no changes of %s', async (table) => {
    for (const change of [`UPDATE ${table} SET hash = ''`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])
      await expect(
        application.dataSource.query(change.replace('hash', table === 'history_checkpoint' ? 'root' : 'hash')),
      ).rejects.toThrow('append-only');
  });

  it('name the parameters of a query that are wrong', async () => {
    const approval = { tenant: 'planted', kind: 'otp', approval: 'none' };
    expect((await ask('/checkpoints/consistency', { first: 1, second: 9 }).expect(404)).body.code).toBe(
      'CHECKPOINT_NOT_FOUND',
    );
    expect((await ask('/checkpoints/consistency', { first: 2, second: 1 }).expect(400)).body.code).toBe(
      'CHECKPOINTS_REVERSED',
    );
    const { body } = await ask('/checkpoints/consistency', { first: 0, second: 'x' }).expect(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['first', 'second']);
    await ask('/checkpoints', { after: 'x' }).expect(400);
    await ask('/inclusion', approval).expect(404);
    await plantHistory(application.dataSource, 1);
    const [uncounted] = await planted();
    const query = { ...approval, approval: uncounted!.approval, checkpoint: 99 };
    expect((await ask('/inclusion', query).expect(404)).body.code).toBe('CHECKPOINT_NOT_FOUND');
  });
});
