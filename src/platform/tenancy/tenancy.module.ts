import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JwksCache } from './jwks/jwks-cache';
import { KeysController } from './keys.controller';
import { OauthClient } from './oauth-client.entity';
import { Registry } from './registry';
import { RelyingParty } from './relying-party.entity';
import { SigningKey } from './signing-key.entity';
import { SigningKeys } from './signing-keys';
import { Tenant } from './tenant.entity';
import { TenantToken } from './tenant-token.entity';
import { TenantUser } from './tenant-user.entity';
import { OutboundClient } from '../outbound/outbound-client';

export const tenancyEntities = [Tenant, TenantToken, OauthClient, RelyingParty, TenantUser, SigningKey];

@Global()
@Module({
  controllers: [KeysController],
  imports: [TypeOrmModule.forFeature(tenancyEntities)],
  providers: [
    Registry,
    SigningKeys,
    { provide: JwksCache, useFactory: (client: OutboundClient) => new JwksCache(client), inject: [OutboundClient] },
  ],
  exports: [TypeOrmModule, Registry, SigningKeys, JwksCache],
})
export class TenancyModule {}
