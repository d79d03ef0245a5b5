import { Global, Module } from '@nestjs/common';
import { Authenticator } from 'passport';

/**
 * The passport is this application's own: the package's global one would be shared by all in a process.
 * Whoever knows a kind of caller registers the strategy for it.
 */
@Global()
@Module({
  providers: [{ provide: Authenticator, useFactory: () => new Authenticator() }],
  exports: [Authenticator],
})
export class AuthModule {}
