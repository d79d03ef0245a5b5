import { type Quota } from '../platform/rate-limit/quota';
import { type OtpKey } from './otp.repository';
import { type OtpMethod } from './otp.vocabulary';

/** An OTP as it is to be stored. */
export interface NewOtp extends OtpKey {
  readonly actor: string;
  readonly scopeId: string | null;
  readonly method: OtpMethod;
  readonly recipientHash: Buffer;
  readonly codeHash: Buffer;
  readonly sealed: Buffer;
  readonly maxAttempts: number;
  readonly lifeSeconds: number;
  readonly maxResends: number;
  readonly resendIntervalSeconds: number;
}

export interface CreatedOtp {
  readonly id: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** The least time before a resend, in seconds. */
  readonly resendInterval: number;
}

/** How many OTPs a recipient and a tenant may have made. */
export interface CreationQuotas {
  readonly recipient: Quota;
  readonly tenant: Quota;
}
