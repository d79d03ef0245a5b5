import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
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
  providers: [RateLimits],
  exports: [RateLimits],
})
export class RateLimitModule {}
