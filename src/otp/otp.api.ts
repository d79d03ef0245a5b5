import { defineApi } from '../approvals/define-api';
import { type Definition } from '../platform/openapi/documents';
import { guessableCodes } from './config/otp-configs';
import { Otp1763700000001 } from './migrations/1763700000001-otp';
import { OtpLife1763700000005 } from './migrations/1763700000005-otp-life';
import { OtpOwner1763700000301 } from './migrations/1763700000301-otp-owner';
import { OtpBeginAndEnd1763700000701 } from './migrations/1763700000701-otp-begin-and-end';
import { OtpRecipient1763700000705 } from './migrations/1763700000705-otp-recipient';
import { OtpSearch1763700000812 } from './migrations/1763700000812-otp-search';
import { otpErrorFormat } from './otp.error-format';
import { otpLifecycle } from './otp.lifecycle';
import { forgotten, messageChannel } from './otp.repository';
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
  migrations: [
    Otp1763700000001,
    OtpLife1763700000005,
    OtpOwner1763700000301,
    OtpBeginAndEnd1763700000701,
    OtpRecipient1763700000705,
    OtpSearch1763700000812,
  ],
  lifecycle: otpLifecycle,
  finding: {
    person: ['recipient_hash = :emailHash::bytea', 'recipient_hash = :telephoneHash::bytea'],
    facts: {
      scope: 'scope',
      scopeId: 'scope_id',
      method: 'method',
      recipient: 'recipient_masked',
      attempts: 'attempts',
      maxAttempts: 'max_attempts',
      resends: 'resends',
    },
    channels: [messageChannel],
    recallSet: forgotten,
  },
  errorFormats: [otpErrorFormat],
  openapi: [otpDefinition],
  startChecks: [guessableCodes],
});
