import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { type DataSource } from 'typeorm';
import { AdminModule } from './admin/admin.module';
import { otpDialect } from './otp/otp.dialect';
import { OtpConfigAdminModule } from './otp/config/admin/otp-config-admin.module';
import { OtpModule } from './otp/otp.module';
import { AuthModule } from './platform/auth/auth.module';
import { AuthenticationGuard } from './platform/auth/authentication.guard';
import { DatabaseModule } from './platform/database/database.module';
import { DeliveryAdminModule } from './messages/admin/delivery-admin.module';
import { DeliveryModule } from './messages/delivery.module';
import { FailureFilter } from './platform/envelope/failure.filter';
import { problemDialect } from './platform/envelope/problem.dialect';
import { HealthModule } from './platform/health/health.module';
import { InputPipe } from './platform/http/input.pipe';
import { JobsModule } from './platform/jobs/jobs.module';
import { ApprovalsModule } from './approvals/approvals.module';
import { MessagingModule } from './messages/messaging.module';
import { ObservabilityModule } from './platform/observability/observability.module';
import { OutboundModule } from './platform/outbound/outbound.module';
import { AddressRateLimitGuard } from './platform/rate-limit/address-rate-limit.guard';
import { RateLimitModule } from './platform/rate-limit/rate-limit.module';
import { SecretsModule } from './platform/secrets/secrets.module';
import { type Settings } from './platform/settings/settings';
import { SettingsModule } from './platform/settings/settings.module';
import { AccountsModule } from './accounts/accounts.module';
import { WakeModule } from './platform/wake/wake.module';
import { signRequestDialect } from './sign-request/sign-request.dialect';
import { SandboxModule } from './sandbox/sandbox.module';
import { portalDialect } from './sign-request/portal/portal.dialect';
import { SimulatedLoginModule } from './sign-request/portal.module';
import { SignRequestModule } from './sign-request/sign-request.module';
import { ActivationAdminModule } from './signature/activation/activation-admin.module';
import { deviceDialect, signatureDialect } from './signature/signature.dialect';
import { SignatureModule } from './signature/signature.module';
import { tokenDialect } from './signature/token/token.dialect';

/** What a house is built from: its settings, an open and migrated database, the master key. */
export interface Foundations {
  readonly settings: Settings;
  readonly dataSource: DataSource;
  readonly masterKey: Buffer;
}

/** Who words the failures of which paths. */
export const dialects = [
  signRequestDialect,
  portalDialect,
  signatureDialect,
  deviceDialect,
  tokenDialect,
  otpDialect,
  problemDialect,
];

const groundFloor = [
  ObservabilityModule,
  HealthModule,
  JobsModule,
  ApprovalsModule,
  OutboundModule,
  DeliveryModule,
  MessagingModule,
  WakeModule,
  AccountsModule,
  RateLimitModule,
  AuthModule,
];
const wings = [SignRequestModule, SignatureModule, OtpModule];
/** Present only with an `ADMIN_TOKEN`. */
const administration = [AdminModule, ActivationAdminModule, DeliveryAdminModule, OtpConfigAdminModule];

@Module({})
export class AppModule {
  static register({ settings, dataSource, masterKey }: Foundations): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.register(settings),
        SecretsModule.register(masterKey),
        DatabaseModule.register(dataSource),
        ...groundFloor,
        ...wings,
        ...(settings.adminToken === undefined ? [] : administration),
        ...(settings.sandbox ? [SandboxModule, SimulatedLoginModule] : []),
      ],
      providers: [
        // In this order: who calls too often is told so before anybody asks who it is.
        { provide: APP_GUARD, useClass: AddressRateLimitGuard },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useFactory: () => new FailureFilter(dialects) },
      ],
    };
  }
}
