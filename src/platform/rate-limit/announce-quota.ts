import { type Response } from 'express';
import { serializeList } from 'structured-headers';
import { type CountedQuota } from './quota';

/**
 * Says in the answer's headers how much is left of this quota and of those announced before: `RateLimit-Policy` and
 * `RateLimit` tell of each (draft-ietf-httpapi-ratelimit-headers), `X-RateLimit-*` of the scarcest alone. With one
 * exceeded, `Retry-After` is when all of them let a call in.
 */
export function announceQuota(response: Response, quota: CountedQuota): void {
  const locals = response.locals as { quotas?: readonly CountedQuota[] };
  const quotas = [...(locals.quotas ?? []), quota];
  locals.quotas = quotas;

  const [scarcest = quota] = quotas.toSorted((a, b) => a.remaining - b.remaining || b.resetSeconds - a.resetSeconds);
  response.set({
    'X-RateLimit-Limit': String(scarcest.limit),
    'X-RateLimit-Remaining': String(scarcest.remaining),
    'X-RateLimit-Reset': String(scarcest.resetSeconds),
    'RateLimit-Policy': list(quotas, ({ limit, windowSeconds }) => ({ q: limit, w: windowSeconds })),
    RateLimit: list(quotas, ({ remaining, resetSeconds }) => ({ r: remaining, t: resetSeconds })),
  });
  if (!quotas.some(({ exceeded }) => exceeded)) return;
  const spent = quotas.filter(({ remaining }) => remaining === 0).map(({ resetSeconds }) => resetSeconds);
  response.set('Retry-After', String(Math.max(...spent)));
}

function list(quotas: readonly CountedQuota[], parameters: (quota: CountedQuota) => Record<string, number>): string {
  return serializeList(quotas.map((quota) => [quota.policy, new Map(Object.entries(parameters(quota)))]));
}
