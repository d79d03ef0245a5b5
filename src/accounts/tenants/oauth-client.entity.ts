import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from './tenant.entity';

/** A client of the built-in token endpoint. */
@Entity({ name: 'oauth_client' })
export class OauthClient {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId: string;

  /** SHA-256 of the secret, which is random enough to need no salt. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'oauth_client_tenant' })
  tenant?: Relation<Tenant>;
}
