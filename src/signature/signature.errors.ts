import { DomainRefusal } from '../platform/envelope/failure';

/** What the signature wing refuses: code → message. Source: Cancel Signature, "Response Status Information"; the others after its pattern. */
export const signatureMessages = {
  USERNAME_MISSING: 'Username should not be null or empty',
  USER_NOT_FOUND: 'User does not exist',
  TRANSACTION_NOT_FOUND: 'Transaction does not exist',
  TRANSACTION_DIFFERS: 'Transaction already exists with other content',
  ALREADY_CONFIRMED: 'Transaction already confirmed',
  ALREADY_REJECTED: 'Transaction already rejected',
  ALREADY_EXPIRED: 'Transaction already expired',
  ALREADY_CANCELLED: 'Transaction already cancelled',
  DEVICE_NOT_FOUND: 'Device does not exist',
} as const;

export type SignatureErrorCode = keyof typeof signatureMessages;

/** A rule of signatures or of their devices says no. */
export class SignatureRefusal extends DomainRefusal {
  constructor(readonly code: SignatureErrorCode) {
    super(signatureMessages[code]);
    this.name = 'SignatureRefusal';
  }
}
