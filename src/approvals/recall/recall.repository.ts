import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { DataSource, In, LessThan, Repository } from 'typeorm';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Events } from '../events/event-queue';
import { now } from '../transition-statement';
import { RecallRefusal } from './recall.errors';
import { type KindProgress, Recall } from './recall.entity';

/** A request that may be repeated: it is the same where key and body are. */
export interface IdempotentRequest {
  readonly keyHash: Buffer;
  readonly bodyHash: Buffer;
}

/** A recall as it begins. */
export type NewRecall = Pick<Recall, 'id' | 'tenantId' | 'target' | 'kinds' | 'reason' | 'actor'> &
  Partial<IdempotentRequest>;

type RecallChanges = Partial<Pick<Recall, 'state' | 'progress' | 'approvals' | 'freeze'>>;

const holdTenant = statement('recall-tenant', 'SELECT FROM tenant WHERE id = :tenantId FOR KEY SHARE');

const lockKey = statement(
  'recall-key-lock',
  `SELECT pg_try_advisory_xact_lock(hashtextextended('recall key' || :tenantId || encode(:keyHash::bytea, 'hex'), 0)) AS locked`,
);

const readNow = statement('recall-now', `SELECT ${now} AS now`);

const returned = `id, tenant_id AS "tenantId", target, kinds, reason, actor, state, begun_at AS "begunAt", ended_at AS "endedAt",
  progress, approvals, begun_freeze AS "freeze", key_hash AS "keyHash", body_hash AS "bodyHash"`;

const findByKey = statement(
  'recall-find-by-key',
  `SELECT ${returned} FROM recall WHERE tenant_id = :tenantId AND key_hash = :keyHash`,
);

const begin = statement(
  'recall-begin',
  `INSERT INTO recall (id, tenant_id, target, kinds, reason, actor, state, begun_at, progress, key_hash, body_hash)
   VALUES (:id, :tenantId, :target, :kinds, :reason, :actor, 'running', ${now}, :progress, :keyHash, :bodyHash)
   RETURNING ${returned}`,
);

const advance = statement(
  'recall-advance',
  `UPDATE recall SET state = :state, progress = :progress, approvals = :approvals, begun_freeze = :freeze,
     ended_at = CASE WHEN :state::text <> 'running' THEN ${now} END
   WHERE id = :id RETURNING ${returned}`,
);

/** Without waiting for one that another node has under way. */
const takeRunning = statement(
  'recall-take-running',
  `SELECT ${returned}, to_char(begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS instant FROM recall WHERE state = 'running' ORDER BY id <= :last::uuid, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
);

const hold = statement('recall-hold', `SELECT ${returned} FROM recall WHERE id = :id FOR UPDATE`);

/** A recall with the whole of its instant: a `Date` has no microseconds. */
export type RunningRecall = Recall & { readonly instant: string };

/** The recalls. */
@Injectable()
export class RecallRepository extends Repository<Recall> {
  constructor(
    dataSource: DataSource,
    private readonly statements: Statements,
    private readonly events: Events,
  ) {
    super(Recall, dataSource.manager);
  }

  /**
   * Keeps the tenant until the transaction ends.
   * @throws RecallRefusal TENANT_NOT_FOUND
   */
  async requireTenant(tenantId: string, client: ClientBase): Promise<void> {
    if ((await this.statements.run(holdTenant, { tenantId }, client)).length === 0)
      throw new RecallRefusal('TENANT_NOT_FOUND');
  }

  /**
   * The recall that this request has begun before, or undefined; locks the key until the transaction ends.
   * @throws RecallRefusal IDEMPOTENCY_KEY_IN_USE when another transaction has the key,
   *   IDEMPOTENCY_KEY_REUSED when it came with another body before
   */
  async begunBy(tenantId: string, { keyHash, bodyHash }: IdempotentRequest, client: ClientBase) {
    const [lock] = await this.statements.run<{ locked: boolean }>(lockKey, { tenantId, keyHash }, client);
    if (lock?.locked !== true) throw new RecallRefusal('IDEMPOTENCY_KEY_IN_USE');
    const [found] = await this.statements.run<Recall>(findByKey, { tenantId, keyHash }, client);
    if (found?.bodyHash?.equals(bodyHash) === false) throw new RecallRefusal('IDEMPOTENCY_KEY_REUSED');
    return found;
  }

  /** Its instant is read here. */
  begin({ keyHash, bodyHash, ...recall }: NewRecall, client: ClientBase): Promise<Recall> {
    const progress = recall.kinds.map((kind): KindProgress => ({ kind, total: null, done: 0 }));
    const json = { target: JSON.stringify(recall.target), progress: JSON.stringify(progress) };
    return this.one(begin, { ...recall, ...json, keyHash: keyHash ?? null, bodyHash: bodyHash ?? null }, client);
  }

  /** Writes down how far it is. */
  advance(
    recall: Recall,
    {
      state = recall.state,
      progress = recall.progress,
      approvals = recall.approvals,
      freeze = recall.freeze,
    }: RecallChanges,
    client: ClientBase,
  ): Promise<Recall> {
    const { id } = recall;
    const json = {
      progress: JSON.stringify(progress),
      approvals: approvals && JSON.stringify(approvals),
      freeze: freeze && JSON.stringify(freeze),
    };
    return this.one(advance, { id, state, ...json }, client);
  }

  /** It has ended all that it is to end, and the tenant is told so. */
  async finish(recall: Recall, changes: Pick<Recall, 'progress' | 'approvals'>, client: ClientBase): Promise<Recall> {
    const finished = await this.advance(recall, { ...changes, state: 'done' }, client);
    const { id, tenantId: tenant, actor, reason, progress, endedAt } = finished;
    const ended = progress.reduce((sum, { done }) => sum + done, 0);
    const at = (endedAt ?? finished.begunAt).toISOString();
    await this.events.queue(
      { type: 'recall.done', timestamp: at, data: { tenant, id, ended, actor, reason, at } },
      client,
    );
    return finished;
  }

  /** One that is running and that no other transaction holds, the next after this one; held until this transaction ends. */
  async takeRunning(last: string, client: ClientBase): Promise<RunningRecall | undefined> {
    const [found] = await this.statements.run<RunningRecall>(takeRunning, { last }, client);
    return found;
  }

  /** Waits for the transaction that holds it. */
  async hold(id: string, client: ClientBase): Promise<Recall | undefined> {
    const [found] = await this.statements.run<Recall>(hold, { id }, client);
    return found;
  }

  /** What the approvals' clock shows. */
  async now(client: ClientBase): Promise<Date> {
    const [clock] = await this.statements.run<{ now: Date }>(readNow, {}, client);
    if (clock === undefined) throw new Error('There is no clock');
    return clock.now;
  }

  /** Newest first. */
  list(tenants: readonly string[] | 'all', limit: number, after: string | undefined): Promise<Recall[]> {
    return this.find({
      where: {
        ...(tenants !== 'all' && { tenantId: In(tenants) }),
        ...(after !== undefined && { id: LessThan(after) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  private async one(of: typeof begin, values: Record<string, unknown>, client: ClientBase): Promise<Recall> {
    const [stored] = await this.statements.run<Recall>(of, values, client);
    if (stored === undefined) throw new Error('A recall has not been stored');
    return stored;
  }
}
