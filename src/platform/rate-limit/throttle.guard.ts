import { type ExecutionContext, Inject, Injectable, Logger, SetMetadata } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import { type Request, type Response } from 'express';
import { authenticationRule, type AuthenticationRule } from '../auth/authenticate';
import { Failed } from '../envelope/failure';
import { type Settings } from '../settings/settings';
import { SETTINGS } from '../settings/settings.module';
import { type ThrottleName } from '../settings/throttles';
import { announceQuota } from './announce-quota';
import { Attempt, type AttemptingRequest } from './attempt';
import { RateLimits } from './rate-limits';

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

/** Counts attempts by address before anybody is authenticated. Addresses are those of `AddressRateLimitGuard`. */
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
