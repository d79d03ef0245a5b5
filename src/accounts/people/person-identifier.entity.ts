import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { TenantUser } from '../tenants/tenant.entities';
import { type IdentifierKind } from './identifiers';

/** What a tenant's user is known by; never in clear. */
@Entity({ name: 'person_identifier' })
@Unique('person_identifier_unique', ['tenantId', 'kind', 'hash'])
@Check('person_identifier_kind', `kind IN ('email', 'telephone', 'signer')`)
export class PersonIdentifier {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  kind: IdentifierKind;

  /** Keyed, see `Identifiers`. */
  @Column({ type: 'bytea' })
  hash: Buffer;

  @Column({ type: 'text' })
  masked: string;

  @ManyToOne(() => TenantUser, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId', foreignKeyConstraintName: 'person_identifier_user' },
    { name: 'user_id', referencedColumnName: 'userId', foreignKeyConstraintName: 'person_identifier_user' },
  ])
  user?: Relation<TenantUser>;
}
