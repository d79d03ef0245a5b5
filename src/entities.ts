import { otpEntities } from './otp/otp.module';
import { deliveryEntities } from './platform/delivery/delivery.module';
import { tenancyEntities } from './platform/tenancy/tenancy.module';
import { signRequestEntities } from './sign-request/sign-request.module';
import { signatureEntities } from './signature/signature.module';

/** Every table that TypeORM knows. */
export const entities = [
  ...tenancyEntities,
  ...deliveryEntities,
  ...signRequestEntities,
  ...signatureEntities,
  ...otpEntities,
];
