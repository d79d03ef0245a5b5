import { Injectable } from '@nestjs/common';
import { type ThrottlerStorage } from '@nestjs/throttler';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';

/** What the throttler asks of a storage; times are whole seconds. */
type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * One upsert counts a call and answers the count. A window starts with its first call and ends `ttl` later;
 * the first call after that starts a new one.
 */
export const countCall = statement(
  'rate-limit-count',
  `INSERT INTO rate_limit AS counted (key, hits, ends_at)
   VALUES (:key, 1, clock_timestamp() + make_interval(secs => :ttlSeconds))
   ON CONFLICT (key) DO UPDATE SET
     hits = CASE WHEN counted.ends_at <= clock_timestamp() THEN 1 ELSE LEAST(counted.hits, :limit) + 1 END,
     ends_at = CASE WHEN counted.ends_at <= clock_timestamp() THEN EXCLUDED.ends_at ELSE counted.ends_at END
   RETURNING hits, GREATEST(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::int AS "secondsLeft"`,
);

/** The throttler's counts, in the database: so they hold over all nodes and across restarts. */
@Injectable()
export class PostgresThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly statements: Statements) {}

  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerStorageRecord> {
    const values = { key, ttlSeconds: ttlMs / 1000, limit };
    const [counted] = await this.statements.run<{ hits: number; secondsLeft: number }>(countCall, values);
    if (counted === undefined) throw new Error('the count was not answered');
    const { hits, secondsLeft } = counted;
    return { totalHits: hits, timeToExpire: secondsLeft, isBlocked: hits > limit, timeToBlockExpire: secondsLeft };
  }
}
