import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { literals } from '../platform/database/statement';

/** `failed`: the schedule is used up. `abandoned`: there was nothing left to tell. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'abandoned'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A notice about an approval that leaves the server: a webhook, a callback, a message. */
@Entity({ name: 'delivery' })
@Check('delivery_state', `state IN (${literals(deliveryStates)})`)
@Check('delivery_next_attempt', `(state = 'pending') = (next_attempt_at IS NOT NULL)`)
@Check('delivery_end', `(state = 'pending') = (ended_at IS NULL)`)
@Index('delivery_due', ['nextAttemptAt'], { where: `state = 'pending'` })
@Index('delivery_listing', ['state', 'createdAt'])
@Index('delivery_approval', ['tenantId', 'approvalId'])
@Index('delivery_ended', ['endedAt'])
export class Delivery {
  /** Stays the same over all tries, so that the receiver can tell a repetition. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  /** Who delivers it, see `DeliveryChannel`. */
  @Column({ type: 'text' })
  channel: string;

  @Column({ name: 'approval_id', type: 'text' })
  approvalId: string;

  @Column({ type: 'text' })
  state: DeliveryState;

  /** Tries that have begun. */
  @Column({ type: 'integer' })
  attempts: number;

  /** Why the last try failed, without any secret. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** When the next try is due; while one is under way, when its node is taken for dead. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  nextAttemptAt: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;
}

/** What a channel is handed: whom it is about, and the attempt number, from 1. */
export type DeliveryTry = Pick<Delivery, 'id' | 'tenantId' | 'channel' | 'approvalId' | 'attempts' | 'createdAt'>;

/**
 * One way by which notices leave. An API registers its own while modules initialize (`Deliveries.register`).
 * A delivery happens at least once: a node may die after the telling and before it is written down.
 */
export interface DeliveryChannel {
  /** The name that `queueDelivery` uses. */
  readonly channel: string;
  /** Seconds between one try and the next: `[2, 2]` makes three tries. */
  readonly schedule: readonly number[];
  /**
   * One try, of at most 20 s. The content is read afresh from the approval; `obsolete` when there is none left to deliver.
   * @param late aborted when the time is over, or the try lost to another node: nothing may be sent any more then, since the next try may begin
   * @throws DeliveryFailed, or anything else, when the try failed
   */
  deliver(delivery: DeliveryTry, late: AbortSignal): Promise<'delivered' | 'obsolete'>;
}

/** A try failed; the message is kept with the delivery and shown to administrators, so no secret may be in it. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed';
}

/** Each node's loop that makes the tries: what a plan that queues a delivery nudges. */
export const deliveryLoop = 'deliveries';

/** A delivery to be made, in SQL. */
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
