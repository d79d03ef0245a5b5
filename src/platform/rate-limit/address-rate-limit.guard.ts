import { applyDecorators, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Throttle, ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import { type Response } from 'express';
import { Failed } from '../envelope/failure';
import { addressQuota, announceQuota } from './quota';

const limited = 'rescind:limited';

/** At most `limit` calls from one address within `windowSeconds`, over all nodes. */
export const LimitPerAddress = (limit: number, windowSeconds: number) =>
  applyDecorators(SetMetadata(limited, true), Throttle({ default: { limit, ttl: windowSeconds * 1000 } }));

/**
 * The throttler for the routes that declare a limit. Addresses are the socket's, or what a trusted proxy says
 * (`TRUST_PROXY`); IPv6 counts by /64, since that is what one subscriber has.
 */
@Injectable()
export class AddressRateLimitGuard extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(this.reflector.get<boolean | undefined>(limited, context.getHandler()) !== true);
  }

  /** @throws Failed `rate-limited` when there have been too many */
  protected override async handleRequest(asked: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker, generateKey } = asked;
    const { req, res } = this.getRequestResponse(context) as { req: Record<string, unknown>; res: Response };
    const name = throttler.name ?? 'default';
    const key = generateKey(context, await getTracker(req, context), name);
    const counted = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    const { totalHits, timeToExpire: resetSeconds, isBlocked: exceeded } = counted;
    const remaining = Math.max(0, limit - totalHits);
    announceQuota(res, { ...addressQuota(limit, ttl), remaining, resetSeconds, exceeded });
    if (exceeded) throw new Failed({ kind: 'rate-limited' });
    return true;
  }
}
