import { type Api } from './approvals/define-api';
import { otpApi } from './otp/otp.api';
import { signRequestApi } from './sign-request/sign-request.api';
import { signatureApi } from './signature/signature.api';

/** The APIs that this server speaks. */
export const apis: readonly Api[] = [signRequestApi, signatureApi, otpApi];
