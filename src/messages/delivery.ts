import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { literals } from '../platform/database/statement';

/** `failed`: the schedule is used up. `abandoned`: there was nothing left to deliver. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'abandoned'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A notice that leaves the server: a webhook, a callback, a message, an event. */
@Entity({ name: 'delivery' })
@Check('delivery_state', `state IN (${literals(deliveryStates)})`)
@Check('delivery_next_attempt', `(state = 'pending') = (next_attempt_at IS NOT NULL)`)
@Check('delivery_end', `(state = 'pending') = (ended_at IS NULL)`)
@Index('delivery_due', ['channel', 'nextAttemptAt'], { where: `state = 'pending'` })
@Index('delivery_listing', ['state', 'createdAt'])
@Index('delivery_approval', ['tenantId', 'approvalId'])
@Index('delivery_ended', ['endedAt'])
@Index('delivery_endpoint', ['endpointId', 'createdAt'], { where: 'endpoint_id IS NOT NULL' })
export class Delivery {
  /** Stays the same over all tries, so that the receiver recognises a repetition. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  /** Who delivers it, see `DeliveryChannel`. */
  @Column({ type: 'text' })
  channel: string;

  /** What it is about: an approval, save of some events. */
  @Column({ name: 'approval_id', type: 'text' })
  approvalId: string;

  /** Where it goes, of a channel that has several endpoints. */
  @Column({ name: 'endpoint_id', type: 'uuid', nullable: true })
  endpointId: string | null;

  /** What it says, where that is not read afresh from the approval. */
  @Column({ type: 'json', nullable: true })
  content: object | null;

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
export type DeliveryTry = Pick<
  Delivery,
  'id' | 'tenantId' | 'channel' | 'approvalId' | 'endpointId' | 'attempts' | 'createdAt'
>;

/** `obsolete`: there was nothing left to deliver. */
export type DeliveryOutcome = 'delivered' | 'obsolete';

/**
 * One way by which notices leave. An API registers its own while modules initialize (`Deliveries.register`).
 * A delivery happens at least once: a node may die after the telling and before it is written down.
 */
export interface DeliveryChannel {
  /** The name that `queueDelivery` uses. */
  readonly channel: string;
  /** Seconds between one try and the next: `[2, 2]` makes three tries. */
  readonly schedule: readonly number[];
  /** By which part of itself a pause may be longer, so that what failed together is not tried again together. */
  readonly jitter?: number;
  /**
   * One try, of at most 20 s. The content is read afresh from the approval, or is the delivery's own; `obsolete` when there is none left to deliver.
   * @param late aborted when the time is over, or the try lost to another node: nothing may be sent any more then, since the next try may begin
   * @throws DeliveryFailed, or anything else, when the try failed
   */
  deliver(delivery: DeliveryTry, late: AbortSignal): Promise<DeliveryOutcome>;
}

/** A try failed; the message is kept with the delivery and shown to administrators, so no secret may be in it. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed';
  /** False: no further try is made, whatever the schedule says. */
  readonly retry: boolean;
  /** The next try is made this many seconds later at the earliest. */
  readonly notBeforeSeconds: number;

  constructor(message: string, { retry = true, notBeforeSeconds = 0, ...options }: DeliveryFailedOptions = {}) {
    super(message, options);
    this.retry = retry;
    this.notBeforeSeconds = notBeforeSeconds;
  }
}

type DeliveryFailedOptions = ErrorOptions & Partial<Pick<DeliveryFailed, 'retry' | 'notBeforeSeconds'>>;

/** Each node's loop that makes the tries: what a plan that queues a delivery nudges. */
export const deliveryLoop = 'deliveries';

/** A delivery to be made, in SQL. */
export interface QueuedDelivery {
  /** A registered channel. */
  readonly channel: string;
  /** Rows with `tenant_id` and `id` that each get a delivery: `moved` or `begun` of a plan, or what is joined to them. */
  readonly from: string;
  /** A condition on the rows' columns, such as `callback_url IS NOT NULL`. */
  readonly when?: string;
  /** Over the same columns: which of the channel's endpoints it goes to … */
  readonly endpoint?: string;
  /** … and what it says, of type json, where that is not read afresh from the approval. */
  readonly content?: string;
}

/**
 * SQL that queues a delivery in the very statement of its transition (an `also` of a plan): there is never
 * one without the other. The plan `nudges` the `deliveryLoop` besides, so that the first try is made at once.
 */
export function queueDelivery({ channel, from, when = 'true', ...own }: QueuedDelivery): string {
  const { endpoint = 'NULL', content = 'NULL' } = own;
  return `INSERT INTO delivery (id, tenant_id, channel, approval_id, endpoint_id, content, state, attempts, created_at, next_attempt_at)
  SELECT gen_random_uuid(), tenant_id, '${channel}', id, ${endpoint}, ${content}, 'pending', 0, clock_timestamp(), clock_timestamp()
  FROM ${from} WHERE ${when}`;
}
