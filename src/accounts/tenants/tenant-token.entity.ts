import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Tenant } from './tenant.entity';

/** A token a tenant's backend shows; only its hash is kept. */
@Entity({ name: 'tenant_token' })
@Unique('tenant_token_hash_unique', ['hash'])
export class TenantToken {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @Column({ type: 'text' })
  name: string;

  /** SHA-256 of the token, which is random enough to need no salt. */
  @Column({ type: 'bytea' })
  hash: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'tenant_token_tenant' })
  tenant?: Relation<Tenant>;
}
