import { Check, Column, Entity, Index } from 'typeorm';
import { Approval } from '../approvals/define-api';
import { checkStatus } from '../approvals/lifecycle';
import { isPlain } from '../platform/secrets/sealed-content';
import { sealedSignatures } from './sealed-signatures';
import { isOpenSignature, type OfferState, signatureLifecycle } from './signature.lifecycle';

/**
 * A transaction that a user is asked to sign; its id is the caller's. Every decision depends on this one row only.
 * It expires when no device has fetched it in time and, once one has, when none has decided in time.
 */
@Entity({ name: 'signature' })
@Check('signature_status', checkStatus(signatureLifecycle))
@Index('signature_by_state', ['tenantId', 'status', 'begunAt'])
@Index('signature_by_beginner', ['tenantId', 'begunBy', 'status', 'begunAt'])
@Index('signature_by_ender', ['tenantId', 'endedBy', 'status', 'begunAt'], { where: 'ended_by IS NOT NULL' })
@Index('signature_by_user', ['tenantId', 'userId', 'status', 'begunAt'])
@Index('signature_plain', ['tenantId', 'id'], { where: isPlain(sealedSignatures.columns) })
@Index('signature_open_until', ['expiresAt'], { where: isOpenSignature })
export class Signature extends Approval {
  @Column({ name: 'user_id', type: 'text' })
  userId: string;

  /** The devices it was started for: id → its state on that device. */
  @Column({ type: 'jsonb' })
  devices: Readonly<Record<string, OfferState>>;

  /** How long a device has from the first delivery, in seconds. */
  @Column({ name: 'signature_seconds', type: 'integer' })
  signatureSeconds: number;

  /** The text to be signed, sealed. */
  @Column({ type: 'bytea' })
  message: Buffer;

  /** What a push service may show of it, sealed. */
  @Column({ name: 'push_message', type: 'bytea', nullable: true })
  pushMessage: Buffer | null;

  @Column({ name: 'pin_required', type: 'boolean' })
  pinRequired: boolean;

  /** Sealed. */
  @Column({ name: 'callback_url', type: 'bytea', nullable: true })
  callbackUrl: Buffer | null;

  /** The caller's headers for the callback, encrypted: they may carry its credentials. */
  @Column({ name: 'callback_headers', type: 'bytea', nullable: true })
  callbackHeaders: Buffer | null;

  /** A keyed hash of what it was started with, which distinguishes a repeated start from a different one with the same id. */
  @Column({ name: 'content_hash', type: 'bytea' })
  contentHash: Buffer;

  /** When the first device fetched it. */
  @Column({ name: 'delivered_at', type: 'timestamptz', nullable: true })
  deliveredAt: Date | null;

  /** The device that decided. */
  @Column({ name: 'decided_by', type: 'text', nullable: true })
  decidedBy: string | null;

  /** What that device signed: a compact JWS, sealed, since it names the message's hash. */
  @Column({ type: 'bytea', nullable: true })
  signature: Buffer | null;
}
