import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Principal } from '../auth/principal';
import { type AttemptingRequest } from './attempt';

/** Counts attempts by the name of whoever has been authenticated. */
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
