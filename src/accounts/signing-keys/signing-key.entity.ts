import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** What a key of ours signs: one that leaks, or a token that is shown elsewhere, is then of no use for the other. */
export const keyPurposes = ['access-token', 'webhook'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** A key pair of ours (P-256). */
@Entity({ name: 'signing_key' })
export class SigningKey {
  @PrimaryColumn({ type: 'text' })
  kid: string;

  @Column({ type: 'text', default: 'access-token' })
  purpose: KeyPurpose;

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
