import { defineApi } from '../approvals/define-api';
import { guessableCodes } from './config/guess-chance';
import { OtpConfigAdminModule } from './config/admin/otp-config-admin.module';
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
  lifecycle: otpLifecycle,
  errorFormats: [otpErrorFormat],
  openapi: [otpDefinition],
  startChecks: [guessableCodes],
});
