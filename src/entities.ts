import { otpEntities } from './otp/otp.module';
import { deliveryEntities } from './platform/delivery/delivery.module';
import { tenancyEntities } from './platform/tenancy/tenancy.module';

/** Every table that TypeORM knows. */
export const entities = [...tenancyEntities, ...deliveryEntities, ...otpEntities];
