import { type Delivery } from './delivery.entity';

/** What a channel is handed: whom it is about, and the attempt number, from 1. */
export type DeliveryTry = Pick<Delivery, 'id' | 'tenantId' | 'channel' | 'approvalId' | 'attempts' | 'createdAt'>;

/**
 * One way of telling somebody outside. An API registers its own while modules initialize (`Deliveries.register`).
 * A delivery happens at least once: a node may die after the telling and before it is written down.
 */
export interface DeliveryChannel {
  /** The name that `queueDelivery` uses. */
  readonly channel: string;
  /** Seconds between one try and the next: `[2, 2]` makes three tries. */
  readonly schedule: readonly number[];
  /**
   * One try, of at most 20 s. What is told is read afresh from the approval; `obsolete` when there is nothing left to tell.
   * @param late aborted when the time is over, or the try lost to another node: nothing may be sent any more then, since the next try may begin
   * @throws DeliveryFailed, or anything else, when the try failed
   */
  deliver(delivery: DeliveryTry, late: AbortSignal): Promise<'delivered' | 'obsolete'>;
}

/** A try failed; the message is kept with the delivery and shown to administrators, so no secret may be in it. */
export class DeliveryFailed extends Error {
  override readonly name = 'DeliveryFailed';
}
