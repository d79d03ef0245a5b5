import { Injectable } from '@nestjs/common';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { clearing } from '../platform/jobs/recurring-jobs';
import { type Delivery, type DeliveryTry } from './delivery';

/** Tries of one endpoint under way on one node at the same time. */
const triesPerEndpoint = 4;

/** Of how many that are due the first of each endpoint are looked for, for each that may begin. */
const lookedThrough = 10;

const isDue = `state = 'pending' AND next_attempt_at <= statement_timestamp()`;

/** Channel by channel, and of each endpoint some, so that many deliveries of one keep none of another waiting. */
const claim = statement(
  'delivery-claim',
  `UPDATE delivery SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => :leaseSeconds)
   WHERE id = ANY (ARRAY(
     SELECT id FROM delivery WHERE ${isDue} AND id = ANY (ARRAY(
       SELECT due.id FROM unnest(:channels::text[], :sizes::int[]) AS free (name, size), LATERAL (
         SELECT id FROM (
           SELECT id, endpoint_id, next_attempt_at, row_number() OVER (PARTITION BY endpoint_id ORDER BY next_attempt_at) AS nth
           FROM (
             SELECT id, endpoint_id, next_attempt_at FROM delivery
             WHERE ${isDue} AND channel = free.name AND (endpoint_id IS NULL OR endpoint_id <> ALL(:busyEndpoints::uuid[]))
             ORDER BY next_attempt_at LIMIT ${lookedThrough} * free.size
           ) AS first
         ) AS ranked WHERE endpoint_id IS NULL OR nth <= ${triesPerEndpoint} ORDER BY next_attempt_at LIMIT free.size
       ) AS due
     )) FOR UPDATE SKIP LOCKED
   ))
   RETURNING id, tenant_id AS "tenantId", channel, approval_id AS "approvalId", endpoint_id AS "endpointId", attempts,
     created_at AS "createdAt"`,
);

const renew = statement(
  'delivery-renew',
  `UPDATE delivery SET next_attempt_at = clock_timestamp() + make_interval(secs => :leaseSeconds)
   FROM unnest(:ids::uuid[], :attempts::int[]) AS held (held_id, held_attempts)
   WHERE id = held_id AND attempts = held_attempts AND state = 'pending' RETURNING id`,
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

/** How long ended deliveries are kept to be looked at. */
const keptDays = 90;

export const clearAwayDeliveries = clearing('delivery-clear-away', 'delivery', 'ended_at', keptDays);

const ofEndpoint = statement(
  'delivery-of-endpoint',
  `SELECT id, content, state, attempts, last_error AS "lastError", created_at AS "createdAt",
     next_attempt_at AS "nextAttemptAt", ended_at AS "endedAt"
   FROM delivery
   WHERE endpoint_id = :endpointId AND (created_at, id) < (
     COALESCE((SELECT created_at FROM delivery WHERE id = :after::uuid), 'infinity'),
     COALESCE(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
   ORDER BY created_at DESC, id DESC LIMIT :size`,
);

/** Two kinds of approvals may have the same id: a channel is of one kind, and an event says of which it is. */
const ofApproval = statement(
  'delivery-of-approval',
  `SELECT id, channel, state, attempts, last_error AS "lastError", created_at AS "createdAt",
     next_attempt_at AS "nextAttemptAt", ended_at AS "endedAt"
   FROM delivery
   WHERE tenant_id = :tenantId AND approval_id = :approvalId
     AND (channel = ANY(:channels::text[]) OR content -> 'data' ->> 'kind' = :kind)
   ORDER BY created_at DESC, id LIMIT 100`,
);

type DeliveryProgress = Pick<
  Delivery,
  'id' | 'state' | 'attempts' | 'lastError' | 'createdAt' | 'nextAttemptAt' | 'endedAt'
>;

/** A delivery of an endpoint, with what it says. */
export type EndpointDelivery = DeliveryProgress & { readonly content: object };

/** A delivery about an approval. */
export type ApprovalDelivery = DeliveryProgress & Pick<Delivery, 'channel'>;

/** The outbox's table. A pending row is due at `next_attempt_at`; while a try is under way that is the end of its lease. */
@Injectable()
export class DeliveryRepository {
  constructor(private readonly statements: Statements) {}

  /**
   * Begins a try of each that is due, those due for longest first. Of several nodes that ask, one gets it; it is due
   * again in `leaseSeconds`, should this node die.
   * @param free how many each channel may begin
   * @param busyEndpoints those that get none
   */
  claim(
    free: ReadonlyMap<string, number>,
    busyEndpoints: readonly string[],
    leaseSeconds: number,
  ): Promise<DeliveryTry[]> {
    const values = { channels: [...free.keys()], sizes: [...free.values()], busyEndpoints, leaseSeconds };
    return this.statements.run<DeliveryTry>(claim, values);
  }

  /** Prolongs the lease of tries under way, and answers the ids of those that this node still has. */
  async renew(tries: readonly DeliveryTry[], leaseSeconds: number): Promise<string[]> {
    const values = { ids: tries.map(({ id }) => id), attempts: tries.map(({ attempts }) => attempts), leaseSeconds };
    return (await this.statements.run<{ id: string }>(renew, values)).map(({ id }) => id);
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

  /** Those of an endpoint, the newest first: `size` at most, from the one after `after` on. */
  ofEndpoint(endpointId: string, size: number, after: string | null = null): Promise<EndpointDelivery[]> {
    return this.statements.run<EndpointDelivery>(ofEndpoint, { endpointId, size, after });
  }

  /** Those about an approval of this kind, by these channels or as events: the 100 newest, the newest first. */
  ofApproval(tenantId: string, kind: string, approvalId: string, channels: readonly string[]) {
    return this.statements.run<ApprovalDelivery>(ofApproval, { tenantId, kind, approvalId, channels });
  }

  /** Begins the schedule anew for what has ended; false where nothing did. */
  async redeliver(id: string): Promise<boolean> {
    return (await this.statements.run(redeliver, { id })).length === 1;
  }
}
