import { Injectable } from '@nestjs/common';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { type DeliveryTry } from './delivery-channel';

const claim = statement(
  'delivery-claim',
  `UPDATE delivery SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => :leaseSeconds)
   WHERE id = :id AND state = 'pending' AND next_attempt_at <= clock_timestamp()
   RETURNING id, tenant_id AS "tenantId", approval_id AS "approvalId", attempts, created_at AS "createdAt"`,
);

/** Only the newest try may say how the delivery went on; an older one has been taken for dead. */
const ofThisTry = `id = :id AND attempts = :attempts AND state = 'pending'`;

const end = statement(
  'delivery-end',
  `UPDATE delivery SET state = :state, next_attempt_at = NULL, ended_at = clock_timestamp(),
     last_error = COALESCE(:error, last_error)
   WHERE ${ofThisTry}`,
);

const postpone = statement(
  'delivery-postpone',
  `UPDATE delivery SET last_error = :error, next_attempt_at = clock_timestamp() + make_interval(secs => :delaySeconds)
   WHERE ${ofThisTry}`,
);

const redeliver = statement(
  'delivery-redeliver',
  `UPDATE delivery SET state = 'pending', attempts = 0, ended_at = NULL, next_attempt_at = clock_timestamp()
   WHERE id = :id AND state <> 'pending' RETURNING id`,
);

const clearAway = statement(
  'delivery-clear-away',
  `DELETE FROM delivery WHERE id = ANY (ARRAY(
     SELECT id FROM delivery WHERE ended_at < clock_timestamp() - make_interval(days => :keptDays)
     ORDER BY ended_at LIMIT :size FOR UPDATE SKIP LOCKED))
   RETURNING 1`,
);

/** The outbox's table. Its trigger queues, moves or removes the delivery's job whenever `next_attempt_at` changes. */
@Injectable()
export class DeliveryRepository {
  constructor(private readonly statements: Statements) {}

  /**
   * Begins a try, if one is due, and makes the next one due in `leaseSeconds` should this node die.
   * Of several that ask, one gets it.
   */
  async claim(id: string, leaseSeconds: number): Promise<DeliveryTry | undefined> {
    const [claimed] = await this.statements.run<DeliveryTry>(claim, { id, leaseSeconds });
    return claimed;
  }

  async end(
    { id, attempts }: DeliveryTry,
    state: 'delivered' | 'failed' | 'abandoned',
    error: string | null = null,
  ): Promise<void> {
    await this.statements.run(end, { id, attempts, state, error });
  }

  async postpone({ id, attempts }: DeliveryTry, delaySeconds: number, error: string): Promise<void> {
    await this.statements.run(postpone, { id, attempts, delaySeconds, error });
  }

  /** Begins the schedule anew for what has ended; false where nothing did. */
  async redeliver(id: string): Promise<boolean> {
    return (await this.statements.run(redeliver, { id })).length === 1;
  }

  /** Deletes at most `size` that ended longer ago than this, and answers how many. */
  async clearAway(keptDays: number, size: number): Promise<number> {
    return (await this.statements.run(clearAway, { keptDays, size })).length;
  }
}
