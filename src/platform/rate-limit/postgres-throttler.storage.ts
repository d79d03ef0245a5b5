import { type ThrottlerStorage } from '@nestjs/throttler';
import { addressQuota } from './address-quota';
import { type RateLimits } from './rate-limits';

/** What the throttler asks of a storage; times are whole seconds. */
type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The throttler's counts, in the database. */
export class PostgresThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly limits: RateLimits) {}

  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerStorageRecord> {
    const { remaining, resetSeconds, exceeded } = await this.limits.count(key, addressQuota(limit, ttlMs));
    const totalHits = limit - remaining + Number(exceeded);
    return { totalHits, timeToExpire: resetSeconds, isBlocked: exceeded, timeToBlockExpire: resetSeconds };
  }
}
