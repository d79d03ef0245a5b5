import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { clearing } from '../jobs/clearing';
import { Jobs } from '../jobs/jobs';
import { type CountedQuota, type Quota } from './quota';

/** By one reading of the clock, so that count and window are renewed together or not at all. */
const isOver = 'counted.ends_at <= EXCLUDED.ends_at - make_interval(secs => :windowSeconds)';

/**
 * One upsert counts a call and answers the count. A window starts with its first call and ends `windowSeconds`
 * later; the first call after that starts a new one. Refused calls do not prolong it.
 */
export const countCall = statement(
  'rate-limit-count',
  `INSERT INTO rate_limit AS counted (key, hits, ends_at)
   VALUES (:key, 1, clock_timestamp() + make_interval(secs => :windowSeconds))
   ON CONFLICT (key) DO UPDATE SET
     hits = CASE WHEN ${isOver} THEN 1 ELSE LEAST(counted.hits, :limit) + 1 END,
     ends_at = CASE WHEN ${isOver} THEN EXCLUDED.ends_at ELSE counted.ends_at END
   RETURNING hits, GREATEST(1, ceil(extract(epoch FROM ends_at - clock_timestamp())))::int AS "resetSeconds"`,
);

const clearAway = clearing('rate-limit-clear-away', 'rate_limit', 'ends_at <= clock_timestamp()');

/** Counts in the database, so that they hold over all nodes and across restarts. By the real clock. */
@Injectable()
export class RateLimits implements OnModuleInit {
  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    // Often, since anybody can make rows here: one for each address he has.
    this.jobs.everyMinute(
      'clear-away-rate-limits',
      async (size) => (await this.statements.run(clearAway, { size })).length,
    );
  }

  /**
   * Counts one more under this key.
   * @param client the connection of a transaction: what is rolled back has not been counted
   */
  async count(key: string, quota: Quota, client?: ClientBase): Promise<CountedQuota> {
    const { limit, windowSeconds } = quota;
    const values = { key, limit, windowSeconds };
    const [counted] = await this.statements.run<{ hits: number; resetSeconds: number }>(countCall, values, client);
    if (counted === undefined) throw new Error('The count has not been answered');
    const { hits, resetSeconds } = counted;
    return { ...quota, remaining: Math.max(0, limit - hits), resetSeconds, exceeded: hits > limit };
  }
}
