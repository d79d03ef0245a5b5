import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** `failed`: the schedule is used up. `abandoned`: there was nothing left to tell. */
export const deliveryStates = ['pending', 'delivered', 'failed', 'abandoned'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Something somebody outside is to be told about an approval: a webhook, a callback, a message. */
@Entity({ name: 'delivery' })
@Check('delivery_state', `state IN ('pending', 'delivered', 'failed', 'abandoned')`)
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
