import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import request from 'supertest';
import { type Checkpoint } from '../../../src/approvals/checkpoints/checkpoint';
import {
  checkCheckpoints,
  readCheckpoints,
  verifyHistory,
  type VerifiedHistory,
} from '../../../src/approvals/verification/verify-history';
import { HistoryReader } from '../../../src/approvals/verification/history-reader';
import {
  askHistory,
  checkpointAll,
  checkpointsOf,
  plantHistory,
  unscheduleCheckpoints,
} from '../../support/checkpoints';
import { registerTenant, type TestTenant } from '../../support/fixtures';
import { asOwner } from '../../support/forgery';
import { runToEnd } from '../../support/server-process';
import { openApplication, testAdminToken, type TestApplication } from '../../support/test-app';

/** Makes all hashes of one approval's chain right again, from the first on, and the head in its row. */
const rehash = `
  WITH RECURSIVE chain AS (
    SELECT seq, NULL::bytea AS previous,
      history_hash(kind, NULL, tenant_id, approval, seq, move, "from", "to", actor, at, request_id, reason) AS hash
    FROM history WHERE approval = $1 AND seq = 1
    UNION ALL
    SELECT later.seq, chain.hash, history_hash(kind, chain.hash, tenant_id, approval, later.seq, move, "from", "to", actor, at, request_id, reason)
    FROM history AS later JOIN chain ON later.seq = chain.seq + 1 WHERE approval = $1
  ), rewritten AS (
    UPDATE history SET hash = chain.hash, previous_hash = chain.previous FROM chain
    WHERE approval = $1 AND history.seq = chain.seq
  ) UPDATE otp SET head = (SELECT hash FROM chain ORDER BY seq DESC LIMIT 1) WHERE id = $1`;

/** Makes the list of leaves agree with the rows again. */
const relist = `
  UPDATE history_leaf AS leaf SET hash = sha256('\\x00'::bytea || convert_to(later.kind || E'\\n' || encode(later.hash, 'hex'), 'UTF8'))
  FROM history AS later WHERE later.approval = $1 AND leaf.approval = $1 AND leaf.seq = later.seq`;

describe('npm run verify-history', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let approvals: string[];
  let evidence: Checkpoint[];
  let key: KeyObject;
  let publicJwk: JsonWebKey;
  beforeEach(async () => {
    application = await openApplication();
    application.database.leaveUnchecked();
    await unscheduleCheckpoints(application);
    tenant = await registerTenant(application.dataSource);
    approvals = [await cancelledOtp(), await cancelledOtp(), await cancelledOtp()];
    await checkpointAll(application);
    await plantHistory(application.dataSource, 3);
    await checkpointAll(application);
    evidence = await checkpointsOf(application);
    publicJwk = (await askHistory(application)('/checkpoints/key')).body;
    key = createPublicKey({ key: publicJwk, format: 'jwk' });
  });
  afterEach(() => application.close());

  const cancelledOtp = async (): Promise<string> => {
    const post = (action: string, body: object) =>
      request(application.url).post(`/otp/${action}`).set('x-tenant-token', tenant.token).send(body).expect(201);
    const scope = 'reset_password';
    const { body } = await post('create', { scope, method: 'email', recipient: 'alice@example.com' });
    await post('cancel', { id: body.data.id, scope });
    return body.data.id;
  };
  const forge = (...statements: [sql: string, ...values: unknown[]][]): Promise<void> =>
    asOwner(application.dataSource, async (manager) => {
      for (const [sql, ...values] of statements) await manager.query(sql, values);
    });
  const verified = async (checkpoints = evidence): Promise<VerifiedHistory> => {
    checkCheckpoints(checkpoints, key);
    const client = new Client({ connectionString: application.database.url });
    await client.connect();
    const reader = new HistoryReader(client);
    return reader.atOneMoment(() => verifyHistory(reader, checkpoints)).finally(() => client.end());
  };
  const rowOf = (approval: string, seq: number): string => `Row ${seq} of the otp ${approval} of ${tenant.id}`;

  it('accepts an unchanged history, and says how many rows are newer', async () => {
    expect(await verified()).toEqual({ covered: 9, newer: 0 });
    await cancelledOtp();
    expect(await verified()).toEqual({ covered: 9, newer: 2 });
    await checkpointAll(application);
    expect(await verified()).toEqual({ covered: 9, newer: 2 });
    expect(await verified(await checkpointsOf(application))).toEqual({ covered: 11, newer: 0 });
  });

  it.each([
    ['the actor', `actor = 'mallory'`, 2],
    ['the instant', `at = at - interval '1 day'`, 1],
    ['the end', `move = 'verify', "to" = 'verified'`, 2],
  ])('names the row when the tables’ owner has rewritten %s and all hashes of the chain', async (_, change, seq) => {
    const approval = approvals[1]!;
    const rewrite = `UPDATE history SET ${change} WHERE approval = $1 AND seq = $2`;
    await forge([rewrite, approval, seq], [rehash, approval]);
    await expect(verified()).rejects.toThrow(`${rowOf(approval, seq)} was changed: it is not the row that was signed`);
    await forge([relist, approval]);
    await expect(verified()).rejects.toThrow(
      `A row from ${rowOf(approvals[0]!, 1)} to ${rowOf(approvals[2]!, 2)} was changed, removed or added`,
    );
  });

  it('names the row when its content alone was rewritten', async () => {
    await forge([`UPDATE history SET request_id = 'other' WHERE approval = $1 AND seq = 2`, approvals[2]]);
    await expect(verified()).rejects.toThrow(
      `${rowOf(approvals[2]!, 2)} was changed: its hash is not that of its content`,
    );
  });

  it('names the first row that was removed', async () => {
    await forge([`DELETE FROM history WHERE approval = $1 AND seq = 2`, approvals[0]]);
    await expect(verified()).rejects.toThrow(`${rowOf(approvals[0]!, 2)} was removed`);
    await forge([`DELETE FROM history_leaf WHERE number = 1`]);
    await expect(verified()).rejects.toThrow(
      `The entry 1 of history_leaf, before that of ${rowOf(approvals[1]!, 1)}, was removed`,
    );
    await forge([`UPDATE history_leaf SET number = number - 1 WHERE number > 1`]);
    await expect(verified()).rejects.toThrow('was changed, removed or added, and history_leaf with it');
  });

  it('notices that the end was cut off, also where the node has signed on since', async () => {
    const cut = evidence.find(({ size }) => size === 9)!.number;
    await forge(
      [`DELETE FROM history WHERE tenant_id = 'planted'`],
      [`DELETE FROM history_leaf WHERE tenant_id = 'planted'`],
      [`DELETE FROM history_checkpoint WHERE number >= $1`, cut],
    );
    await expect(verified()).rejects.toThrow(`Rows were removed: checkpoint ${cut} covers 9, there are 6`);
    await checkpointAll(application);
    const since = (await checkpointsOf(application)).filter(({ number }) => number >= cut);
    await expect(verified([...evidence, ...since].sort((a, b) => a.number - b.number))).rejects.toThrow(
      `There are two checkpoints ${cut}, both signed`,
    );
  });

  it.each([
    ['that no checkpoint covers', false],
    ['that a later checkpoint covers', true],
  ])('names a row of the past that was added, %s', async (_, isCounted) => {
    await forge([
      `INSERT INTO history (tenant_id, kind, approval, seq, move, "to", actor, at, hash, hash_version)
       SELECT $1, 'otp', 'never', 1, 'begin', 'pending', 'tenant:backend', at,
         history_hash('otp', NULL, $1, 'never', 1, 'begin', NULL, 'pending', 'tenant:backend', at, NULL), 2
       FROM (SELECT clock_timestamp() - interval '1 hour' AS at) AS past`,
      tenant.id,
    ]);
    if (isCounted) {
      await forge([`UPDATE history_count SET counted_until = '-infinity'`]);
      await checkpointAll(application);
      evidence = await checkpointsOf(application);
      expect(evidence.at(-1)!.size).toBe(10);
    }
    await expect(verified()).rejects.toThrow(`${rowOf('never', 1)} was added: all rows from before`);
  });

  it('notices that a row that was hashed without its kind is passed off as another’s', async () => {
    const [older] = approvals;
    await forge(
      [
        `UPDATE history SET hash_version = 1, previous_hash = NULL,
           hash = history_hash(NULL, tenant_id, approval, seq, move, "from", "to", actor, at, request_id)
         WHERE approval = $1 AND seq = 1`,
        older,
      ],
      ['DELETE FROM history_leaf'],
      ['DELETE FROM history_checkpoint'],
      [`UPDATE history_count SET counted_until = '-infinity'`],
    );
    await checkpointAll(application);
    evidence = await checkpointsOf(application);
    expect((await verified()).covered).toBe(9);
    await forge(
      [`UPDATE history SET kind = 'signature' WHERE approval = $1 AND seq = 1`, older],
      [`UPDATE history_leaf SET kind = 'signature' WHERE approval = $1 AND seq = 1`, older],
    );
    await expect(verified()).rejects.toThrow(`Row 1 of the signature ${older} of ${tenant.id} was changed`);
  });

  it('holds what operators did against the checkpoints too', async () => {
    const input = { id: 'acme', name: 'Acme' };
    const post = request(application.url).post('/admin/v1/tenants').auth(testAdminToken, { type: 'bearer' });
    await post.send(input).expect(201);
    expect(await verified()).toEqual({ covered: 9, newer: 2 });
    await checkpointAll(application);
    evidence = await checkpointsOf(application);
    expect(await verified()).toEqual({ covered: 11, newer: 0 });

    const [{ call }] = await application.dataSource.query('SELECT DISTINCT call_id AS call FROM audit');
    const row = (seq: number): string => `Row ${seq} of the admin_call ${call} of no tenant`;
    const rewritten = `audit_hash(previous_hash, tenant_id, call_id, seq, method, route, target, status, 'key:other', role,
      address, at, request_id)`;
    await forge([`UPDATE audit SET actor = 'key:other' WHERE seq = 2`]);
    await expect(verified()).rejects.toThrow(`${row(2)} was changed: its hash is not that of its content`);
    await forge([`UPDATE audit SET hash = ${rewritten} WHERE seq = 2`]);
    await expect(verified()).rejects.toThrow(`${row(2)} was changed: it is not the row that was signed`);
    await forge([`DELETE FROM audit WHERE seq = 2`]);
    await expect(verified()).rejects.toThrow(`${row(2)} was removed`);
    await forge([`DELETE FROM audit`]);
    await expect(verified()).rejects.toThrow(`${row(1)} was removed`);
  });

  it('names a call of the past that was added', async () => {
    await forge([
      `INSERT INTO audit (call_id, seq, method, route, target, status, actor, role, address, at, request_id, hash)
       SELECT id, 1, 'POST', '/', '{}', 200, 'admin', 'admin', '', at, '',
         audit_hash(NULL, NULL, id, 1, 'POST', '/', '{}', 200, 'admin', 'admin', '', at, '')
       FROM (SELECT gen_random_uuid() AS id, clock_timestamp() - interval '1 hour' AS at) AS past`,
    ]);
    await expect(verified()).rejects.toThrow(
      /^Row 1 of the admin_call \S+ of no tenant was added: all rows from before/,
    );
  });

  it('refuses checkpoints that are not signed with the key, or do not follow each other', async () => {
    const [first, ...rest] = evidence;
    await expect(verified([{ ...first!, completeUntil: null }, ...rest])).rejects.toThrow(
      `Checkpoint ${first!.number} is not signed with this key`,
    );
    expect(readCheckpoints(evidence.map((each) => JSON.stringify(each)).join('\n'))).toEqual(evidence);
    expect(() => readCheckpoints('{"level":30}')).toThrow('There is no checkpoint');
    expect(() => readCheckpoints(`${JSON.stringify(first)}\nnonsense`)).toThrow(
      'Line 2 of the checkpoints is not JSON',
    );
  });

  it('is a command that needs the public key only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rescind-verify-'));
    const [checkpoints, keyFile] = [join(folder, 'checkpoints'), join(folder, 'key')];
    const { body } = await askHistory(application)('/checkpoints', { limit: 2 });
    const logged = evidence.slice(2).map((checkpoint) => JSON.stringify({ level: 30, checkpoint, msg: 'Checkpoint' }));
    await writeFile(checkpoints, [JSON.stringify(body), '{"level":30,"msg":"else"}', ...logged, ''].join('\n'));
    await writeFile(keyFile, JSON.stringify(publicJwk));
    const parameters = ['--database', application.database.url, '--checkpoints', checkpoints, '--key', keyFile];
    const verify = (given = parameters) => runToEnd('src/verify-history.ts', {}, given);
    const last = evidence.at(-1)!;
    expect(await verify()).toEqual({
      code: 0,
      output:
        `9 rows of history and audit are as checkpoint ${last.number} of ${last.at} has signed them.\n` +
        '0 newer rows are in no checkpoint of the file.\n',
    });
    await forge(
      [`UPDATE history SET actor = 'mallory' WHERE approval = $1 AND seq = 1`, approvals[1]],
      [rehash, approvals[1]],
    );
    expect(await verify()).toEqual({
      code: 1,
      output: `${rowOf(approvals[1]!, 1)} was changed: it is not the row that was signed\n`,
    });
    expect(await verify(parameters.slice(2))).toMatchObject({ code: 2, output: expect.stringContaining('--database') });
    await writeFile(keyFile, '{}');
    expect(await verify()).toEqual({ code: 2, output: `${keyFile} does not hold a public key as a JWK\n` });
    await rm(folder, { recursive: true });
  });
});
