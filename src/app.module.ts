import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { type DataSource } from 'typeorm';
import { accountEntities, accountMigrations, AccountsModule } from './accounts/accounts.module';
import { device } from './accounts/devices/device.strategy';
import { tenantsOfOperatorsIssuer } from './accounts/operators/operators-issuer';
import { httpAddresses } from './accounts/tenants/registered-urls';
import { tokenErrorFormat } from './accounts/token-endpoint/token.error-format';
import { admin } from './accounts/operators/operator.strategies';
import { bearer, tenant } from './accounts/tokens/tenant.strategies';
import { adminDefinition, AdminModule } from './admin/admin.module';
import { apis } from './apis';
import {
  approvalEntities,
  ApprovalKindsModule,
  approvalMigrations,
  ApprovalsModule,
} from './approvals/approvals.module';
import { type Api } from './approvals/define-api';
import { recallDefinition } from './approvals/recall/recall.controller';
import { RecallAdminModule, recallEntities, recallMigrations, RecallModule } from './approvals/recall/recall.module';
import { httpEndpoints } from './approvals/events/event-endpoints';
import {
  DeliveryAdminModule,
  deliveryEntities,
  deliveryMigrations,
  DeliveryModule,
  MessagingModule,
} from './messages/messages.module';
import { AuthenticationGuard, AuthModule } from './platform/auth/strategies';
import { DatabaseModule } from './platform/database/statements';
import { FailureFilter } from './platform/envelope/failure.filter';
import { problemErrorFormat } from './platform/envelope/problem.error-format';
import { healthMigrations, HealthModule } from './platform/health/health.module';
import { InputPipe } from './platform/http/body';
import { JobsModule } from './platform/jobs/jobs';
import { MetricsModule, ObservabilityModule } from './platform/observability/metrics';
import { OutboundModule } from './platform/outbound/outbound-client';
import { AddressRateLimitGuard, ThrottleByNameGuard, ThrottleGuard } from './platform/rate-limit/throttle.guard';
import { RateLimitModule } from './platform/rate-limit/rate-limits';
import { SecretsModule } from './platform/secrets/resealing';
import { contentsOf, type ServerContents, type ServerPart } from './platform/server-part';
import { isAdministered, type Settings, SettingsModule } from './platform/settings/settings';
import { NotifyModule } from './platform/notify/notifier';
import { sandboxLeftovers } from './sandbox/leftovers';
import { SandboxModule } from './sandbox/sandbox.module';

/** What AppModule needs at start: the settings, an open and migrated database, the master key. */
export interface AppDependencies {
  readonly settings: Settings;
  readonly dataSource: DataSource;
  readonly masterKey: Buffer;
}

const platformModules = [
  ObservabilityModule,
  HealthModule,
  JobsModule,
  OutboundModule,
  NotifyModule,
  RateLimitModule,
  AuthModule,
];

const sharedParts: readonly ServerPart[] = [
  { migrations: healthMigrations },
  {
    module: ApprovalsModule,
    entities: approvalEntities,
    migrations: approvalMigrations,
    startChecks: [httpEndpoints],
  },
  {
    module: AccountsModule,
    entities: accountEntities,
    migrations: accountMigrations,
    errorFormats: [tokenErrorFormat],
    authentication: [bearer, tenant, admin, device],
    startChecks: [httpAddresses, tenantsOfOperatorsIssuer],
  },
  {
    module: DeliveryModule,
    adminModule: DeliveryAdminModule,
    entities: deliveryEntities,
    migrations: deliveryMigrations,
  },
  { module: MessagingModule },
  {
    module: RecallModule,
    adminModule: RecallAdminModule,
    entities: recallEntities,
    migrations: recallMigrations,
    openapi: [recallDefinition],
  },
];

const administration: ServerPart = {
  adminModule: AdminModule,
  sandboxModule: SandboxModule,
  errorFormats: [problemErrorFormat],
  openapi: [adminDefinition],
  startChecks: [sandboxLeftovers],
};

/** What a server consists of that speaks the given APIs. */
export function contentsWith(spoken: readonly Api[]): ServerContents {
  const kinds: ServerPart = { module: ApprovalKindsModule.register(spoken) };
  return contentsOf([kinds, ...sharedParts, ...spoken, administration]);
}

/** This server. */
export const serverContents = contentsWith(apis);

@Module({})
export class AppModule {
  static register({ settings, dataSource, masterKey }: AppDependencies, contents = serverContents): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.register(settings),
        SecretsModule.register(masterKey),
        DatabaseModule.register(dataSource),
        ...platformModules,
        ...(settings.metrics ? [MetricsModule] : []),
        ...contents.modules,
        ...(isAdministered(settings) ? contents.adminModules : []),
        ...(settings.sandbox ? contents.sandboxModules : []),
      ],
      providers: [
        // In this order: the limits on calls from an address are checked before the caller is authenticated.
        { provide: APP_GUARD, useClass: AddressRateLimitGuard },
        { provide: APP_GUARD, useClass: ThrottleGuard },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: ThrottleByNameGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useFactory: () => new FailureFilter(contents.errorFormats) },
      ],
    };
  }
}
