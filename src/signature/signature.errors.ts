import { DomainRefusal } from '../platform/envelope/failure';

/**
 * What the Digitanium API refuses, of devices too: code → message. Source: Cancel Signature, "Response Status
 * Information"; the others after its pattern.
 */
export const signatureMessages = {
  USERNAME_MISSING: 'Username should not be null or empty',
  USER_NOT_FOUND: 'User does not exist',
  TRANSACTION_NOT_FOUND: 'Transaction does not exist',
  TRANSACTION_DIFFERS: 'Transaction already exists with other content',
  TOO_MANY_OPEN: 'Too many transactions are open for this user or tenant',
  ALREADY_CONFIRMED: 'Transaction already confirmed',
  ALREADY_REJECTED: 'Transaction already rejected',
  ALREADY_EXPIRED: 'Transaction already expired',
  ALREADY_CANCELLED: 'Transaction already cancelled',
  SERVER_CANCEL: 'Transaction cancelled by the server',
  NOT_FETCHED: 'Transaction has not been fetched by this device',
  INVALID_SIGNATURE: 'Signature does not verify for this transaction and device',
  DEVICE_NOT_FOUND: 'Device does not exist',
  DEVICEID_MISSING: 'DeviceID should not be null or empty',
  DEVICE_LOCKED: 'Device is locked',
  ALREADY_LOCKED: 'Device already locked',
  ALREADY_UNLOCKED: 'Device already unlocked',
  ACTIVATION_CODE_NOT_FOUND: 'Activation code is wrong, used or expired',
} as const;

export type SignatureErrorCode = keyof typeof signatureMessages;

/** A call refused by a rule of transactions. What is refused of devices alone is a `DeviceRefusal`. */
export class SignatureRefusal extends DomainRefusal {
  constructor(readonly code: SignatureErrorCode) {
    super(signatureMessages[code]);
  }
}
