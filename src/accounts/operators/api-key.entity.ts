import { Check, Column, CreateDateColumn, Entity, PrimaryColumn, Unique } from 'typeorm';
import { type Role } from './operator';

/** By which a machine calls the administration; only its hash is kept. */
@Entity({ name: 'api_key' })
@Unique('api_key_name_unique', ['name'])
@Unique('api_key_hash_unique', ['hash'])
@Check('api_key_role', `role IN ('viewer', 'support', 'admin')`)
export class ApiKey {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  role: Role;

  /** Null: all. */
  @Column({ type: 'text', array: true, nullable: true })
  tenants: string[] | null;

  /** SHA-256 of the key, which is random enough to need no salt. */
  @Column({ type: 'bytea' })
  hash: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  /** To the minute. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}
