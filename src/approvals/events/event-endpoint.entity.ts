import { Check, Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../accounts/tenants/tenant.entities';
import { literals } from '../../platform/database/statement';

/** What a tenant can subscribe to. */
export const eventTypes = ['approval.begun', 'approval.ended', 'recall.done', 'freeze.begun', 'freeze.ended'] as const;
export type EventType = (typeof eventTypes)[number];

/** Where a tenant's events are sent. */
@Entity({ name: 'event_endpoint' })
@Check('event_endpoint_types', `types <@ ARRAY[${literals(eventTypes)}] AND types <> '{}'`)
@Check('event_endpoint_previous', '(previous_secret IS NULL) = (previous_until IS NULL)')
export class EventEndpoint {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Sealed. */
  @Column({ type: 'bytea' })
  url: Buffer;

  @Column({ type: 'text', array: true })
  types: EventType[];

  /** Of which kinds of approval; null: of all. */
  @Column({ type: 'text', array: true, nullable: true })
  kinds: string[] | null;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  /** Sealed. */
  @Column({ type: 'bytea' })
  secret: Buffer;

  /** What `secret` was before it was rotated; it signs besides until then. */
  @Column({ name: 'previous_secret', type: 'bytea', nullable: true })
  previousSecret: Buffer | null;

  @Column({ name: 'previous_until', type: 'timestamptz', nullable: true })
  previousUntil: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** Since when every try has failed; null after one that has not. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince: Date | null;

  /** Since then nothing is sent to it. */
  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt: Date | null;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'event_endpoint_tenant' })
  tenant?: Relation<Tenant>;
}
