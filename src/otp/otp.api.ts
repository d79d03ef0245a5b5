import { defineApi } from '../approvals/define-api';
import { type Definition } from '../platform/openapi/documents';
import { guessableCodes } from './config/otp-configs';
import { Otp1763700000001 } from './migrations/1763700000001-otp';
import { OtpLife1763700000005 } from './migrations/1763700000005-otp-life';
import { OtpOwner1763700000301 } from './migrations/1763700000301-otp-owner';
import { OtpBeginAndEnd1763700000701 } from './migrations/1763700000701-otp-begin-and-end';
import { otpErrorFormat } from './otp.error-format';
import { otpLifecycle } from './otp.lifecycle';
import { OtpConfigAdminModule, otpEntities, OtpModule } from './otp.module';

const otpDefinition: Definition = {
  name: 'otp',
  title: 'OTP',
  description: 'One-time passwords that can be called back until the moment they are verified.',
  bases: ['/otp', '/sandbox/inbox', '/sandbox/clock'],
  examples: { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
};

/** Webmix Hub OTP. */
export const otpApi = defineApi({
  name: 'otp',
  module: OtpModule,
  adminModule: OtpConfigAdminModule,
  entities: otpEntities,
  migrations: [Otp1763700000001, OtpLife1763700000005, OtpOwner1763700000301, OtpBeginAndEnd1763700000701],
  lifecycle: otpLifecycle,
  errorFormats: [otpErrorFormat],
  openapi: [otpDefinition],
  startChecks: [guessableCodes],
});
