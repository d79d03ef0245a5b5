import { Check, Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from './tenant.entity';

/** A client of Sign v3. Its id is its name in every token it signs, so it is unique over all tenants. */
@Entity({ name: 'relying_party' })
@Check('relying_party_keys', '(jwks IS NULL) <> (jwks_url IS NULL)')
export class RelyingParty {
  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @Column({ type: 'text' })
  name: string;

  /** Its public keys, where they are registered here … */
  @Column({ type: 'jsonb', nullable: true })
  jwks: object | null;

  /** … or where to fetch them. */
  @Column({ name: 'jwks_url', type: 'text', nullable: true })
  jwksUrl: string | null;

  @Column({ name: 'redirect_url', type: 'text', nullable: true })
  redirectUrl: string | null;

  /** Where signatures are announced, sealed. */
  @Column({ name: 'webhook_url', type: 'bytea', nullable: true })
  webhookUrl: Buffer | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'relying_party_tenant' })
  tenant?: Relation<Tenant>;
}
