import { DomainRefusal } from '../platform/envelope/failure';

/** What the OTP API refuses: code → message. Source: Cancel (OTP), "Errors"; the others after its pattern. */
export const otpMessages = {
  OTP_NOT_FOUND: 'OTP not found',
  OTP_NOT_CANCELABLE: 'OTP is not cancelable',
  OTP_INVALID: 'OTP is invalid',
  OTP_FAILED: 'OTP has failed: no attempts are left',
  OTP_EXPIRED: 'OTP has expired',
  OTP_CANCELLED: 'OTP has been cancelled',
  OTP_ALREADY_VERIFIED: 'OTP has already been verified',
  OTP_NOT_VERIFIED: 'OTP has not been verified',
  OTP_ALREADY_CONSUMED: 'OTP has already been consumed',
  OTP_RESEND_TOO_SOON: 'OTP was sent a moment ago',
  OTP_RESEND_LIMIT: 'OTP has been sent again as often as it may be',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key belongs to another request',
  IDEMPOTENCY_KEY_IN_USE: 'The request with this idempotency key is still being served',
  TENANT_NOT_CONFIGURED: 'Tenant OTP configuration is missing',
} as const;

export type OtpErrorCode = keyof typeof otpMessages;

/** Data of an error besides its code and message. */
export interface OtpRefusalDetails {
  /** Answered in the error's body. */
  readonly attemptsRemaining?: number;
  /** Answered as the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/** A call refused by a rule of one-time passwords. */
export class OtpRefusal extends DomainRefusal {
  constructor(
    readonly code: OtpErrorCode,
    readonly details: OtpRefusalDetails = {},
  ) {
    super(otpMessages[code]);
  }
}
