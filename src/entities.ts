import { otpEntities } from './otp/otp.module';
import { tenancyEntities } from './platform/tenancy/tenancy.module';

/** Every table that TypeORM knows. */
export const entities = [...tenancyEntities, ...otpEntities];
