import { Check, Column, Entity, Index } from 'typeorm';
import { Approval } from '../approvals/define-api';
import { checkStatus } from '../approvals/lifecycle';
import { isPendingOtp, otpLifecycle } from './otp.lifecycle';

/** What an OTP may be for. Source: Cancel (OTP), "Body". */
export const otpScopes = ['email_verification', 'phone_verification', 'reset_password', 'otp_signin'] as const;
export type OtpScope = (typeof otpScopes)[number];

export const otpMethods = ['email', 'sms'] as const;
export type OtpMethod = (typeof otpMethods)[number];

/** A one-time password; its id is a ULID. Neither its code nor its recipient is stored in clear. */
@Entity({ name: 'otp' })
@Index('otp_expiry', ['expiresAt'], { where: isPendingOtp })
@Index('otp_by_state', ['tenantId', 'status', 'begunAt'])
@Index('otp_by_beginner', ['tenantId', 'begunBy', 'status', 'begunAt'])
@Index('otp_by_ender', ['tenantId', 'endedBy', 'status', 'begunAt'], { where: 'ended_by IS NOT NULL' })
@Index('otp_by_recipient', ['tenantId', 'recipientHash', 'status', 'begunAt'])
@Check('otp_status', checkStatus(otpLifecycle))
@Index('otp_one_pending', ['tenantId', 'scope', 'method', 'recipientHash'], {
  unique: true,
  where: isPendingOtp,
})
export class Otp extends Approval {
  @Column({ type: 'text' })
  scope: OtpScope;

  /** The caller's reference, such as its id of an account. */
  @Column({ name: 'scope_id', type: 'text', nullable: true })
  scopeId: string | null;

  @Column({ type: 'text' })
  method: OtpMethod;

  /** A keyed hash of the normalised recipient. */
  @Column({ name: 'recipient_hash', type: 'bytea' })
  recipientHash: Buffer;

  /** What may be shown of it, such as `a•••@example.com`; null where an older version began it. */
  @Column({ name: 'recipient_masked', type: 'text', nullable: true })
  recipientMasked: string | null;

  /** A keyed hash of the code, bound to the id. */
  @Column({ name: 'code_hash', type: 'bytea' })
  codeHash: Buffer;

  /** Code and recipient, encrypted with a key that is not in the database, as long as they may be sent again. */
  @Column({ type: 'bytea', nullable: true })
  sealed: Buffer | null;

  @Column({ type: 'integer', default: 0 })
  attempts: number;

  @Column({ name: 'max_attempts', type: 'integer' })
  maxAttempts: number;

  @Column({ type: 'integer', default: 0 })
  resends: number;

  @Column({ name: 'max_resends', type: 'integer', default: 0 })
  maxResends: number;

  @Column({ name: 'resend_interval_seconds', type: 'integer', default: 60 })
  resendIntervalSeconds: number;

  /** The earliest next resend, as long as there are any left. */
  @Column({ name: 'resend_available_at', type: 'timestamptz', nullable: true })
  resendAvailableAt: Date | null;
}
