import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Statements } from '../database/statements';
import { AddressRateLimitGuard } from './address-rate-limit.guard';
import { PostgresThrottlerStorage } from './postgres-throttler.storage';

@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      useFactory: (statements: Statements) => ({
        // Each route declares its own limit (`LimitPerAddress`); those that do not are not counted.
        throttlers: [{ limit: 0, ttl: 0 }],
        storage: new PostgresThrottlerStorage(statements),
      }),
      inject: [Statements],
    }),
  ],
  providers: [{ provide: APP_GUARD, useClass: AddressRateLimitGuard }],
})
export class RateLimitModule {}
