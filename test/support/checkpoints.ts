import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import request, { type Test } from 'supertest';
import { type DataSource } from 'typeorm';
import { type Checkpoint } from '../../src/approvals/checkpoints/checkpoint';
import { CheckpointsService } from '../../src/approvals/checkpoints/checkpoints.service';
import { testAdminToken, type TestApplication } from './test-app';

/** Asks the administration of an application about its history. */
export const askHistory =
  (application: TestApplication) =>
  (path: string, query: object = {}): Test =>
    request(application.url)
      .get(`/admin/v1/history${path}`)
      .query(query)
      .set('Authorization', `Bearer ${testAdminToken}`);

/** Leaves it to the test when checkpoints are made. */
export async function unscheduleCheckpoints({ dataSource }: TestApplication): Promise<void> {
  await dataSource.query(
    `INSERT INTO recurring_job (name, due_at) VALUES ('history-checkpoint', 'infinity')
     ON CONFLICT (name) DO UPDATE SET due_at = 'infinity'`,
  );
}

/** Has a node checkpoint all there is. */
export async function checkpointAll(application: TestApplication, node = 0): Promise<void> {
  const service = application.nodes[node]!.app.get(CheckpointsService, { strict: false });
  while ((await service.checkpoint()) > 0);
}

/** All checkpoints of an application, by its administration. */
export async function checkpointsOf(application: TestApplication): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  for (let after: string | undefined; ;) {
    const { body } = await askHistory(application)('/checkpoints', { limit: 3, after }).expect(200);
    found.push(...body.items);
    if (body.next === null) return found;
    after = body.next;
  }
}

/** What the documentation says is signed. */
export function textOf({ number, size, root, at, completeUntil, previousHash, kid }: Checkpoint): Buffer {
  const lines = ['rescind history checkpoint', number, size, root, at, completeUntil, previousHash, kid];
  return Buffer.from(lines.map((line) => line ?? '').join('\n'));
}

export const isSigned = (checkpoint: Checkpoint, key: JsonWebKey): boolean =>
  verify(
    null,
    textOf(checkpoint),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(checkpoint.signature, 'base64url'),
  );

export const hashOf = (checkpoint: Checkpoint): string => createHash('sha256').update(textOf(checkpoint)).digest('hex');

/** Puts so many approvals into history that have begun and no more. */
export async function plantHistory(dataSource: DataSource, count: number, tenantId = 'planted'): Promise<void> {
  await dataSource.query(
    `INSERT INTO history (tenant_id, kind, approval, seq, move, "to", actor, at, hash, hash_version)
     SELECT $1, 'otp', id, 1, 'begin', 'pending', 'test', at,
       history_hash('otp', NULL, $1, id, 1, 'begin', NULL, 'pending', 'test', at, NULL), 2
     FROM (SELECT gen_random_uuid()::text AS id, clock_timestamp() AS at FROM generate_series(1, $2)) AS planted`,
    [tenantId, count],
  );
}
