import { adminDefinition } from './admin/admin.definition';
import { otpDefinition } from './otp/otp.definition';
import { type Definition } from './platform/openapi/definition';
import { signRequestDefinition } from './sign-request/sign-request.definition';
import { deviceDefinition, digitaniumDefinition } from './signature/signature.definition';

/** The documents of this house's API, in the order in which Swagger UI offers them. */
export const definitions: readonly Definition[] = [
  signRequestDefinition,
  digitaniumDefinition,
  deviceDefinition,
  otpDefinition,
  adminDefinition,
];
