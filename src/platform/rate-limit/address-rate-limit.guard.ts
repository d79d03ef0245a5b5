import { applyDecorators, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Throttle, ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { type Response } from 'express';
import { Failed } from '../envelope/failure';

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

  /** @throws Failed `rate-limited`; the headers that say until when are on the response already */
  protected override throwThrottlingException(context: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    context
      .switchToHttp()
      .getResponse<Response>()
      .set({
        'X-RateLimit-Limit': String(detail.limit),
        'X-RateLimit-Remaining': '0',
        'X-RateLimit-Reset': String(detail.timeToBlockExpire),
      });
    return Promise.reject(new Failed({ kind: 'rate-limited' }));
  }
}
