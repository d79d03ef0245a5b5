import { otpEntities } from './otp/otp.module';
import { deliveryEntities } from './messages/delivery.module';
import { accountEntities } from './accounts/accounts.module';
import { signRequestEntities } from './sign-request/sign-request.module';
import { signatureEntities } from './signature/signature.module';

/** Every table that TypeORM knows. */
export const entities = [
  ...accountEntities,
  ...deliveryEntities,
  ...signRequestEntities,
  ...signatureEntities,
  ...otpEntities,
];
