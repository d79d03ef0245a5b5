import { defineApi } from '../approvals/define-api';
import { guessableCodes } from './config/guess-chance';
import { OtpConfigAdminModule } from './config/admin/otp-config-admin.module';
import { Otp1763700000001 } from './migrations/1763700000001-otp';
import { OtpLife1763700000005 } from './migrations/1763700000005-otp-life';
import { OtpOwner1763700000301 } from './migrations/1763700000301-otp-owner';
import { otpDefinition } from './otp.definition';
import { otpErrorFormat } from './otp.error-format';
import { otpLifecycle } from './otp.lifecycle';
import { otpEntities, OtpModule } from './otp.module';

/** Webmix Hub OTP. */
export const otpApi = defineApi({
  name: 'otp',
  module: OtpModule,
  adminModule: OtpConfigAdminModule,
  entities: otpEntities,
  migrations: [Otp1763700000001, OtpLife1763700000005, OtpOwner1763700000301],
  lifecycle: otpLifecycle,
  errorFormats: [otpErrorFormat],
  openapi: [otpDefinition],
  startChecks: [guessableCodes],
});
