import { type Quota } from './quota';

/** What one address may do, from the throttler's terms. */
export function addressQuota(limit: number, ttlMs: number): Quota {
  return { policy: 'address', limit, windowSeconds: ttlMs / 1000 };
}
