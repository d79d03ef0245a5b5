import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type ExecutionContext,
  Inject,
  Injectable,
  Logger,
  SetMetadata,
  type CanActivate,
  createParamDecorator,
} from '@nestjs/common';
import { Throttle, ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import { type Request, type Response } from 'express';
import { authenticationRule, type AuthenticationRule, type Principal } from '../auth/authenticate';
import { Failed } from '../envelope/failure';
import { type Settings, SETTINGS } from '../settings/settings';
import { type ThrottleName, type ThrottleLimits } from '../settings/limits';
import { addressQuota, type CountedQuota, quotaHeaders, RateLimits } from './rate-limits';

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

const throttled = 'rescind:throttled';

/** Calls of this route are limited by address and by name (`Settings.throttles`), and logged when they fail. */
export const Throttled = (name: ThrottleName) => SetMetadata(throttled, name);

/** What a call is answered whose credentials or code were wrong, or that was one too many. */
const failures: Readonly<Record<ThrottleName, readonly number[]>> = {
  admin: [401, 429],
  token: [401, 429],
  otpStatus: [401, 404, 429],
  enrolment: [404, 429],
};

/** Counts attempts by address before callers are authenticated. Addresses are those of `AddressRateLimitGuard`. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  @Inject(SETTINGS) private readonly settings: Settings;
  @Inject(RateLimits) private readonly counts: RateLimits;
  private readonly log = new Logger('Throttle');

  /** @throws Failed `rate-limited` when there have been too many from this address */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const throttle = this.throttleOf(context);
    if (throttle === undefined) return true;
    const request = context.switchToHttp().getRequest<Request & AttemptingRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const attempt = new Attempt(throttle, this.settings.throttles[throttle], this.counts);
    request.attempt = attempt;
    response.once('finish', () => {
      this.tell(attempt, request.ip, response.statusCode);
    });
    const counted = await attempt.byAddress(await this.getTracker(request));
    announceQuota(response, counted);
    if (counted.exceeded) throw new Failed({ kind: 'rate-limited' });
    return true;
  }

  private throttleOf(context: ExecutionContext): ThrottleName | undefined {
    const places = [context.getHandler(), context.getClass()];
    return (
      this.reflector.getAllAndOverride<ThrottleName | undefined>(throttled, places) ??
      throttleOfCallers(this.reflector.getAllAndOverride<AuthenticationRule | undefined>(authenticationRule, places))
    );
  }

  /** Never what was tried: it may be right but for a typing error. */
  private tell({ throttle, name }: Attempt, address: string | undefined, status: number): void {
    if (failures[throttle].includes(status)) this.log.warn({ throttle, address, name, status }, 'An attempt failed');
  }
}

function throttleOfCallers(rule: AuthenticationRule | undefined): ThrottleName | undefined {
  return rule === undefined || rule.by === 'public' ? undefined : rule.by.throttle;
}

/** Counts attempts by the name of the caller, once it has been authenticated. */
@Injectable()
export class ThrottleByNameGuard implements CanActivate {
  /** @throws Failed `rate-limited` when there have been too many of this name */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { attempt, user } = context.switchToHttp().getRequest<AttemptingRequest & { user?: Principal }>();
    if (attempt !== undefined && user !== undefined) await attempt.byName(nameOf(user));
    return true;
  }
}

function nameOf({ tenantId, actor }: Principal): string {
  return tenantId === undefined ? actor : `${tenantId}/${actor}`;
}

/** One call where credentials or codes can be tried; it is counted by its address, and by its name once that is known. */
export class Attempt {
  /** Whose credentials it shows, or claims to. */
  name: string | undefined;

  constructor(
    readonly throttle: ThrottleName,
    private readonly limits: ThrottleLimits,
    private readonly counts: RateLimits,
  ) {}

  byAddress(address: string): Promise<CountedQuota> {
    return this.count('address', address, this.limits.perAddress);
  }

  /** @throws Failed `rate-limited` when there have been too many of this name */
  async byName(name: string): Promise<void> {
    this.name = name;
    const counted = await this.count('name', name, this.limits.perName);
    if (counted.exceeded) throw new Failed({ kind: 'rate-limited', exceeded: counted });
  }

  private count(policy: string, value: string, limit: number): Promise<CountedQuota> {
    // A claimed name may be of any length.
    const key = createHash('sha256')
      .update(JSON.stringify([this.throttle, policy, value]))
      .digest('hex');
    return this.counts.count(`throttle ${key}`, { policy, limit, windowSeconds: this.limits.windowSeconds });
  }
}

/** A request after the throttle's guard. */
interface AttemptingRequest {
  attempt?: Attempt;
}

/** The parameter that receives the attempt of a route that is `@Throttled`. */
export const CurrentAttempt = createParamDecorator((_: unknown, context: ExecutionContext): Attempt => {
  const { attempt } = context.switchToHttp().getRequest<AttemptingRequest>();
  if (attempt === undefined) throw new Error('The route is not throttled');
  return attempt;
});
