import { Global, Module } from '@nestjs/common';
import { Authenticator } from 'passport';
import { AccessTokens } from './access-tokens';
import { AdminStrategy } from './admin.strategy';
import { BearerStrategy } from './bearer.strategy';
import { RelyingPartyStrategy } from './relying-party.strategy';
import { SpentTokens } from './spent-tokens';
import { TenantTokenStrategy } from './tenant-token.strategy';

/** Who is asking. The passport is this application's own: the package's global one would be shared by all in a process. */
@Global()
@Module({
  providers: [
    { provide: Authenticator, useFactory: () => new Authenticator() },
    AccessTokens,
    SpentTokens,
    RelyingPartyStrategy,
    BearerStrategy,
    TenantTokenStrategy,
    AdminStrategy,
  ],
  exports: [Authenticator, AccessTokens, SpentTokens],
})
export class AuthModule {}
