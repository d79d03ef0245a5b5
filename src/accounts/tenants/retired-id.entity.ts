import { Check, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The id of something that was registered and has been deleted: the database refuses to register another under it. */
@Entity({ name: 'retired_id' })
@Check('retired_id_kind', `kind IN ('tenant', 'user', 'relying-party', 'oauth-client')`)
export class RetiredId {
  @PrimaryColumn({ type: 'text' })
  kind: 'tenant' | 'user' | 'relying-party' | 'oauth-client';

  /** Empty where the id is unique over all tenants. */
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ type: 'text' })
  id: string;

  @CreateDateColumn({ name: 'retired_at', type: 'timestamptz' })
  retiredAt: Date;
}
