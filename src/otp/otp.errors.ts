import { DomainRefusal } from '../platform/envelope/failure';

/** What the OTP wing refuses: code → message. Source: Cancel (OTP), "Errors"; the others after its pattern. */
export const otpMessages = {
  OTP_NOT_FOUND: 'OTP not found',
  OTP_NOT_CANCELABLE: 'OTP is not cancelable',
  OTP_INVALID: 'OTP is invalid',
  OTP_FAILED: 'OTP has failed: no attempts are left',
  OTP_EXPIRED: 'OTP has expired',
  OTP_CANCELLED: 'OTP has been cancelled',
  OTP_ALREADY_VERIFIED: 'OTP has already been verified',
  TENANT_NOT_CONFIGURED: 'Tenant OTP configuration is missing',
} as const;

export type OtpErrorCode = keyof typeof otpMessages;

/** A rule of one-time passwords says no. `details` stand in the error beside the code. */
export class OtpRefusal extends DomainRefusal {
  constructor(
    readonly code: OtpErrorCode,
    readonly details: Readonly<Record<string, number>> = {},
  ) {
    super(otpMessages[code]);
    this.name = 'OtpRefusal';
  }
}
