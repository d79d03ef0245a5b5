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

/** How many OTPs a recipient and a tenant may have made. */
export interface CreationQuotas {
  readonly recipient: Quota;
  readonly tenant: Quota;
}
