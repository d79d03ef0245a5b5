import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Failed } from '../envelope/failure';
import { type ThrottleLimits, type ThrottleName } from '../settings/throttles';
import { type CountedQuota } from './quota';
import { type RateLimits } from './rate-limits';

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
    // Names are as long as whoever claims them likes.
    const key = createHash('sha256')
      .update(JSON.stringify([this.throttle, policy, value]))
      .digest('hex');
    return this.counts.count(`throttle ${key}`, { policy, limit, windowSeconds: this.limits.windowSeconds });
  }
}

/** A request after the throttle's guard. */
export interface AttemptingRequest {
  attempt?: Attempt;
}

/** The parameter that receives the attempt of a route that is `@Throttled`. */
export const CurrentAttempt = createParamDecorator((_: unknown, context: ExecutionContext): Attempt => {
  const { attempt } = context.switchToHttp().getRequest<AttemptingRequest>();
  if (attempt === undefined) throw new Error('The route is not throttled');
  return attempt;
});
