import { type Response } from 'express';
import { serializeList } from 'structured-headers';

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

/**
 * Says in the answer's headers how much is left of this quota and of those announced before: `RateLimit-Policy` and
 * `RateLimit` describe each (draft-ietf-httpapi-ratelimit-headers), `X-RateLimit-*` of the scarcest alone. With one
 * exceeded, `Retry-After` is when all of them let a call in.
 */
export function announceQuota(response: Response, quota: CountedQuota): void {
  const locals = response.locals as { quotas?: readonly CountedQuota[] };
  const quotas = [...(locals.quotas ?? []), quota] as const;
  locals.quotas = quotas;
  response.set(quotaHeaders(quotas));
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
