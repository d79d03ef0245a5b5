/** Each node's loop that makes the tries: what a plan that queues a delivery nudges. */
export const deliveryLoop = 'deliveries';

/** A delivery to be made, told in SQL. */
export interface QueuedDelivery {
  /** A registered channel. */
  readonly channel: string;
  /** The CTE whose approvals each get a delivery. */
  readonly from: 'moved' | 'begun';
  /** A condition on the approval's columns, such as `callback_url IS NOT NULL`. */
  readonly when?: string;
}

/**
 * SQL that queues a delivery in the very statement of its transition (an `also` of a plan): there is never
 * one without the other. The plan `nudges` the `deliveryLoop` besides, so that the first try is made at once.
 */
export function queueDelivery({ channel, from, when = 'true' }: QueuedDelivery): string {
  return `INSERT INTO delivery (id, tenant_id, channel, approval_id, state, attempts, created_at, next_attempt_at)
  SELECT gen_random_uuid(), tenant_id, '${channel}', id, 'pending', 0, clock_timestamp(), clock_timestamp()
  FROM ${from} WHERE ${when}`;
}
