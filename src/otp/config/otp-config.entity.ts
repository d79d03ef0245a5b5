import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../accounts/tenants/tenant.entity';

/** That a tenant has one-time passwords, and how. */
@Entity({ name: 'otp_config' })
export class OtpConfig {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  /** Only what the tenant set; defaults are filled in when it is read. */
  @Column({ type: 'jsonb' })
  settings: unknown;

  @OneToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'otp_config_tenant' })
  tenant?: Relation<Tenant>;
}
