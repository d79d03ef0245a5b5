import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AddressRateLimitGuard } from './address-rate-limit.guard';
import { PostgresThrottlerStorage } from './postgres-throttler.storage';
import { RateLimits } from './rate-limits';

@Global()
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      useFactory: (limits: RateLimits) => ({
        // Each route declares its own limit (`LimitPerAddress`); those that do not are not counted.
        throttlers: [{ limit: 0, ttl: 0 }],
        storage: new PostgresThrottlerStorage(limits),
      }),
      inject: [RateLimits],
    }),
  ],
  providers: [RateLimits, { provide: APP_GUARD, useClass: AddressRateLimitGuard }],
  exports: [RateLimits],
})
export class RateLimitModule {}
