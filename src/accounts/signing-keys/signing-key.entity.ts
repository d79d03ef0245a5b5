import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A key pair of ours (P-256), with which we sign access tokens and what we tell relying parties. */
@Entity({ name: 'signing_key' })
export class SigningKey {
  @PrimaryColumn({ type: 'text' })
  kid: string;

  @Column({ name: 'public_jwk', type: 'jsonb' })
  publicJwk: object;

  /** PKCS #8, sealed under the master key. */
  @Column({ name: 'private_sealed', type: 'bytea' })
  privateSealed: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** Since then it signs nothing more; it stays published while anything it signed may still be checked. */
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}
