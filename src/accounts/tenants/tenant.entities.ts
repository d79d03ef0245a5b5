import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  Unique,
  JoinColumn,
  ManyToOne,
  type Relation,
  Check,
} from 'typeorm';

/** An organisation that keeps its approvals here; tenants know nothing of each other. */
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

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'tenant_token_tenant' })
  tenant?: Relation<Tenant>;
}

/** What an access token may be for besides what every one is: `recall`, to end what is pending in its tenant. */
export const scopes = ['recall'] as const;
export type Scope = (typeof scopes)[number];

/** A client of the built-in token endpoint. */
@Entity({ name: 'oauth_client' })
export class OauthClient {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  /** SHA-256 of the secret, which is random enough to need no salt. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash: Buffer;

  /** The secret before this one serves beside it … */
  @Column({ name: 'previous_secret_hash', type: 'bytea', nullable: true })
  previousSecretHash: Buffer | null;

  /** … until then. */
  @Column({ name: 'previous_secret_expires_at', type: 'timestamptz', nullable: true })
  previousSecretExpiresAt: Date | null;
  /** What it may ask its access tokens to be for. */
  @Column({ type: 'text', array: true, default: '{}' })
  scopes: Scope[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'oauth_client_tenant' })
  tenant?: Relation<Tenant>;
}

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

/** A person of a tenant, whose devices are asked for signatures. */
@Entity({ name: 'tenant_user' })
export class TenantUser {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  @Column({ name: 'display_name', type: 'text', nullable: true })
  displayName: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @ManyToOne(() => Tenant, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'tenant_id', foreignKeyConstraintName: 'tenant_user_tenant' })
  tenant?: Relation<Tenant>;
}
