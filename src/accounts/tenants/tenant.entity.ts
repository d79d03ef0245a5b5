import { Column, CreateDateColumn, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Whoever keeps approvals here; tenants know nothing of each other. */
@Entity({ name: 'tenant' })
@Unique('tenant_issuer_unique', ['issuer'])
export class Tenant {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** The tenant's own OpenID Connect issuer, whose tokens are taken as its bearers'. */
  @Column({ type: 'text', nullable: true })
  issuer: string | null;

  @Column({ name: 'jwks_url', type: 'text', nullable: true })
  jwksUrl: string | null;

  /** What its issuer's tokens must name as their audience to be taken here; null where all of them are. */
  @Column({ type: 'text', nullable: true })
  audience: string | null;

  /** Made by the sandbox, with secrets that are public; such a tenant keeps a production server from starting. */
  @Column({ type: 'boolean', default: false })
  sandbox: boolean;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
