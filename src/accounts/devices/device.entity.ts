import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { TenantUser } from '../tenants/tenant.entities';

/** A user's device, known by the key that it signs with. */
@Entity({ name: 'device' })
@Index('device_of_user', ['tenantId', 'userId'])
export class Device {
  /** A positive integer, as a string. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @Column({ name: 'user_id', type: 'text' })
  userId: string;

  /** What its user calls it. */
  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** P-256. */
  @Column({ name: 'public_jwk', type: 'jsonb' })
  publicJwk: object;

  /** A locked device is offered nothing and may decide nothing. */
  @Column({ type: 'boolean', default: false })
  locked: boolean;

  /** When it last asked for what is open. */
  @Column({ name: 'seen_at', type: 'timestamptz', nullable: true })
  seenAt: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => TenantUser, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId', foreignKeyConstraintName: 'device_user' },
    { name: 'user_id', referencedColumnName: 'userId', foreignKeyConstraintName: 'device_user' },
  ])
  user?: Relation<TenantUser>;
}
