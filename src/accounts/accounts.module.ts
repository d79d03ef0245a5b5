import { Global, Logger, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivationCodes } from './devices/activation-codes';
import { Device } from './devices/device.entity';
import { DeviceRepository } from './devices/device.repository';
import { DeviceService } from './devices/device.service';
import { DeviceKeys, DeviceStrategy } from './devices/device.strategy';
import { AccessTokens } from './tokens/access-tokens';
import {
  AdminStrategy,
  ApiKeyStrategy,
  OperatorSessionStrategy,
  OperatorTokenStrategy,
} from './operators/operator.strategies';
import { BearerStrategy, TenantAddress, TenantTokenStrategy } from './tokens/tenant.strategies';
import { TokenController } from './token-endpoint/token.controller';
import { TokenService } from './token-endpoint/token.service';
import { SpentTokens } from './tokens/spent-tokens';
import { JwksCache } from './jwks/jwks-cache';
import { ApiKey } from './operators/api-key.entity';
import { ApiKeys } from './operators/api-keys';
import { OperatorSessions } from './operators/operator-sessions';
import { OperatorsIssuer } from './operators/operators-issuer';
import { KeysController } from './signing-keys/keys.controller';
import { OauthClient, RelyingParty, Tenant, TenantToken, TenantUser } from './tenants/tenant.entities';
import { Registry } from './tenants/registry';
import { RetiredId } from './tenants/retired-id.entity';
import { WebhookUrls } from './tenants/registered-urls';
import { SigningKey, SigningKeys } from './signing-keys/signing-keys';
import { Identifiers } from './people/identifiers';
import { People } from './people/people';
import { PersonIdentifier } from './people/person-identifier.entity';
import { OutboundClient } from '../platform/outbound/outbound-client';
import { GroundFloor1763700000000 } from './migrations/1763700000000-ground-floor';
import { Devices1763700000007 } from './migrations/1763700000007-devices';
import { IssuerAudience1763700000010 } from './migrations/1763700000010-issuer-audience';
import { SandboxTenant1763700000400 } from './migrations/1763700000400-sandbox-tenant';
import { KeyPurpose1763700000401 } from './migrations/1763700000401-key-purpose';
import { SealedWebhooks1763700000502 } from './migrations/1763700000502-sealed-webhooks';
import { PersonIdentifier1763700000704 } from './migrations/1763700000704-person-identifier';
import { ApiKeys1763700000720 } from './migrations/1763700000720-api-keys';
import { OperatorSessions1763700000722 } from './migrations/1763700000722-operator-sessions';
import { ChangedInPlace1763700000780 } from './migrations/1763700000780-changed-in-place';
import { ClientScopes1763700000761 } from './migrations/1763700000761-client-scopes';
import { RetiredId1763700000781 } from './migrations/1763700000781-retired-id';
import { RetiredClients1763700000782 } from './migrations/1763700000782-retired-clients';

/** The URL is not logged: its path may hold a secret. */
function loggedJwksCache(client: OutboundClient): JwksCache {
  const log = new Logger('Jwks');
  return new JwksCache(client, {
    onFailure: (_jwksUrl, err, issuer) => {
      log.warn({ issuer, err }, 'The keys of this issuer cannot be fetched: its tokens are refused meanwhile');
    },
  });
}

export const accountEntities = [
  Tenant,
  TenantToken,
  OauthClient,
  RelyingParty,
  TenantUser,
  PersonIdentifier,
  RetiredId,
  Device,
  SigningKey,
  ApiKey,
];

export const accountMigrations = [
  GroundFloor1763700000000,
  Devices1763700000007,
  IssuerAudience1763700000010,
  SandboxTenant1763700000400,
  KeyPurpose1763700000401,
  SealedWebhooks1763700000502,
  PersonIdentifier1763700000704,
  ApiKeys1763700000720,
  OperatorSessions1763700000722,
  ChangedInPlace1763700000780,
  ClientScopes1763700000761,
  RetiredId1763700000781,
  RetiredClients1763700000782,
];

@Global()
@Module({
  controllers: [KeysController, TokenController],
  imports: [TypeOrmModule.forFeature(accountEntities)],
  providers: [
    Registry,
    WebhookUrls,
    SigningKeys,
    AccessTokens,
    SpentTokens,
    TokenService,
    ApiKeys,
    AdminStrategy,
    ApiKeyStrategy,
    OperatorsIssuer,
    OperatorTokenStrategy,
    OperatorSessions,
    OperatorSessionStrategy,
    BearerStrategy,
    TenantAddress,
    TenantTokenStrategy,
    Identifiers,
    People,
    ActivationCodes,
    DeviceRepository,
    DeviceService,
    DeviceKeys,
    DeviceStrategy,
    { provide: JwksCache, useFactory: loggedJwksCache, inject: [OutboundClient] },
  ],
  exports: [
    TypeOrmModule,
    Registry,
    WebhookUrls,
    SigningKeys,
    JwksCache,
    AccessTokens,
    SpentTokens,
    TenantAddress,
    Identifiers,
    People,
    ActivationCodes,
    DeviceRepository,
    DeviceService,
    DeviceKeys,
    ApiKeys,
    OperatorsIssuer,
    OperatorSessions,
  ],
})
export class AccountsModule {}
