import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Approval } from '../approvals/define-api';
import { checkStatus, isIn } from '../approvals/lifecycle';
import { type SignLocation } from '../pades/pages/placement';
import { literals } from '../platform/database/statement';
import { isPlain, type SealedTable } from '../platform/secrets/sealed-content';
import { signRequestLifecycle } from './sign-request.lifecycle';

export const sealedRequests: SealedTable<'doc_name'> = {
  name: 'sign_request',
  key: ['tenant_id', 'id'],
  columns: ['doc_name'],
};

export const sealedDocuments: SealedTable<'bytes'> = {
  name: 'sign_document',
  key: ['tenant_id', 'sign_request_id', 'version'],
  columns: ['bytes'],
};

/**
 * A request for one person's signature in one document, which is in `sign_document`: this row changes often, and stays
 * small. Its id is `signv3-` and a UUID of version 7.
 */
@Entity({ name: 'sign_request' })
@Check('sign_request_status', checkStatus(signRequestLifecycle))
@Index('sign_request_plain', ['tenantId', 'id'], { where: isPlain(sealedRequests.columns) })
@Index('sign_request_pending_until', ['expiresAt'], { where: isIn(signRequestLifecycle, ['pending']) })
@Index('sign_request_signing_until', ['sessionExpiresAt'], { where: isIn(signRequestLifecycle, ['signing']) })
@Index('sign_request_by_state', ['tenantId', 'status', 'begunAt'])
@Index('sign_request_by_beginner', ['tenantId', 'begunBy', 'status', 'begunAt'])
@Index('sign_request_by_ender', ['tenantId', 'endedBy', 'status', 'begunAt'], { where: 'ended_by IS NOT NULL' })
@Index('sign_request_by_signer', ['tenantId', 'signer', 'status', 'begunAt'], { where: 'signer IS NOT NULL' })
@Index('sign_request_by_intended_signer', ['tenantId', 'intendedSigner', 'status', 'begunAt'], {
  where: 'intended_signer IS NOT NULL',
})
@Unique('sign_request_link', ['linkHash'])
@Unique('sign_request_session', ['sessionHash'])
export class SignRequest extends Approval {
  @Column({ name: 'client_id', type: 'text' })
  clientId: string;

  /** Sealed. */
  @Column({ name: 'doc_name', type: 'bytea' })
  docName: Buffer;

  @Column({ name: 'sign_locations', type: 'jsonb' })
  signLocations: SignLocation[];

  /** SHA-256 of the secret in `signing_url`. */
  @Column({ name: 'link_hash', type: 'bytea' })
  linkHash: Buffer;

  /** SHA-256 of `exchange_code`. */
  @Column({ name: 'exchange_code_hash', type: 'bytea' })
  exchangeCodeHash: Buffer;

  /** A keyed hash of the one person who may sign, where the relying party named one. */
  @Column({ name: 'intended_signer', type: 'bytea', nullable: true })
  intendedSigner: Buffer | null;

  /** A keyed hash of the person who was identified first, and to whom the request is locked … */
  @Column({ type: 'bytea', nullable: true })
  signer: Buffer | null;

  /** … and their name and id, encrypted with a key that is not in the database. */
  @Column({ name: 'signer_sealed', type: 'bytea', nullable: true })
  signerSealed: Buffer | null;

  /** SHA-256 of the secret in the QR code of the latest sign session … */
  @Column({ name: 'session_hash', type: 'bytea', nullable: true })
  sessionHash: Buffer | null;

  /** … and that secret with the match code, encrypted, to show them again. */
  @Column({ name: 'session_sealed', type: 'bytea', nullable: true })
  sessionSealed: Buffer | null;

  @Column({ name: 'session_expires_at', type: 'timestamptz', nullable: true })
  sessionExpiresAt: Date | null;
}

const documentVersions = ['original', 'signed'] as const;

/** The bytes of a sign request's document, as it was sent or as it was signed; deleted some time after the request's end. */
@Entity({ name: 'sign_document' })
@Check('sign_document_version', `version IN (${literals(documentVersions)})`)
@Index('sign_document_plain', ['tenantId', 'signRequestId'], { where: isPlain(sealedDocuments.columns) })
export class SignDocument {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ name: 'sign_request_id', type: 'text' })
  signRequestId: string;

  @PrimaryColumn({ type: 'text' })
  version: (typeof documentVersions)[number];

  /** Sealed. */
  @Column({ type: 'bytea' })
  bytes: Buffer;

  @ManyToOne(() => SignRequest, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId', foreignKeyConstraintName: 'sign_document_request' },
    { name: 'sign_request_id', referencedColumnName: 'id', foreignKeyConstraintName: 'sign_document_request' },
  ])
  signRequest?: Relation<SignRequest>;
}
