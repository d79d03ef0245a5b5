import { Injectable, type OnModuleInit, Global, Module } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { type ThrottlerStorage, ThrottlerModule } from '@nestjs/throttler';
import { serializeList } from 'structured-headers';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { clearing } from '../jobs/recurring-jobs';
import { Jobs } from '../jobs/jobs';

/** How much of something there may be, and in which time. */
export interface Quota {
  /** Its name in the `RateLimit` fields: what is counted. */
  readonly policy: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A quota after a call has been counted. */
export interface CountedQuota extends Quota {
  readonly remaining: number;
  /** Whole seconds until the count starts anew, at least 1. */
  readonly resetSeconds: number;
  /** This call was one too many. */
  readonly exceeded: boolean;
}

/** By one reading of the clock, so that count and window are renewed together or not at all. */
const isOver = 'counted.ends_at <= EXCLUDED.ends_at - make_interval(secs => :windowSeconds)';

/**
 * One upsert counts a call and answers the count. A window starts with its first call and ends `windowSeconds`
 * later; the first call after that starts a new one. Refused calls do not prolong it.
 * @param condition SQL, on which the call is counted
 */
const counting = (condition: string) => `
  INSERT INTO rate_limit AS counted (key, hits, ends_at)
  SELECT :key::text, 1, clock_timestamp() + make_interval(secs => :windowSeconds) WHERE ${condition}
  ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN ${isOver} THEN 1 ELSE LEAST(counted.hits, :limit) + 1 END,
    ends_at = CASE WHEN ${isOver} THEN EXCLUDED.ends_at ELSE counted.ends_at END
  RETURNING hits, GREATEST(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::int AS "resetSeconds"`;

/** Its commit is not awaited: set for this statement alone, whose own transaction it is (PostgreSQL, 30.4 “Asynchronous Commit”). */
export const countCall = statement(
  'rate-limit-count',
  counting("set_config('synchronous_commit', 'off', true) = 'off'"),
);

/** Counts within a transaction, which is committed as it asks. */
export const countWithin = statement('rate-limit-count-within', counting('true'));

const clearAway = clearing('rate-limit-clear-away', 'rate_limit', 'ends_at');

/** Counts in the database, so that they hold over all nodes and across restarts. By the real clock. */
@Injectable()
export class RateLimits implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    // Often, since any caller can make rows here: one for each of its addresses.
    this.jobs.everyMinute('clear-away-rate-limits', clearAway);
  }

  /**
   * Counts one more under this key.
   * @param client the connection of a transaction: what is rolled back has not been counted
   */
  async count(key: string, quota: Quota, client?: ClientBase): Promise<CountedQuota> {
    const { limit, windowSeconds } = quota;
    const values = { key, limit, windowSeconds };
    const count = client === undefined ? countCall : countWithin;
    const [counted] = await this.statements.run<{ hits: number; resetSeconds: number }>(count, values, client);
    if (counted === undefined) throw new Error('The count has not been answered');
    const { hits, resetSeconds } = counted;
    return { ...quota, remaining: Math.max(0, limit - hits), resetSeconds, exceeded: hits > limit };
  }
}

/** The headers that describe these quotas, in the order in which they were counted. */
export function quotaHeaders(quotas: readonly [...CountedQuota[], CountedQuota]): Record<string, string> {
  const [scarcest] = quotas.toSorted((a, b) => a.remaining - b.remaining || b.resetSeconds - a.resetSeconds);
  const { limit, remaining, resetSeconds } = scarcest ?? quotas[0];
  const headers = {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(resetSeconds),
    'RateLimit-Policy': list(quotas, (each) => ({ q: each.limit, w: each.windowSeconds })),
    RateLimit: list(quotas, (each) => ({ r: each.remaining, t: each.resetSeconds })),
  };
  if (!quotas.some(({ exceeded }) => exceeded)) return headers;
  const spent = quotas.filter((each) => each.remaining === 0).map((each) => each.resetSeconds);
  return { ...headers, 'Retry-After': String(Math.max(...spent)) };
}

function list(quotas: readonly CountedQuota[], parameters: (quota: CountedQuota) => Record<string, number>): string {
  return serializeList(quotas.map((quota) => [quota.policy, new Map(Object.entries(parameters(quota)))]));
}

/** What one address may do, from the throttler's terms. */
export function addressQuota(limit: number, ttlMs: number): Quota {
  return { policy: 'address', limit, windowSeconds: ttlMs / 1000 };
}

/** What the throttler asks of a storage; times are whole seconds. */
type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The throttler's counts, in the database. */
class PostgresThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly limits: RateLimits) {}

  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerStorageRecord> {
    const { remaining, resetSeconds, exceeded } = await this.limits.count(key, addressQuota(limit, ttlMs));
    const totalHits = limit - remaining + Number(exceeded);
    return { totalHits, timeToExpire: resetSeconds, isBlocked: exceeded, timeToBlockExpire: resetSeconds };
  }
}

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
