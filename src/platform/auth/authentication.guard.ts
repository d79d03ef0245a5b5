import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, type IAuthGuard } from '@nestjs/passport';
import { type Request } from 'express';
import { Failed } from '../envelope/failure';
import { type Authentication, authenticationRule, type AuthenticationRule, strategiesOf } from './authenticate';
import { type Principal } from './principal';

/** The one guard: runs the passport strategies that the route's `@Authenticate` names. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly guards = new Map(
    (Object.keys(strategiesOf) as Authentication[]).map((by) => [by, new (guardOf(strategiesOf[by]))()]),
  );

  constructor(private readonly reflector: Reflector) {}

  /** @throws Failed `unauthenticated` when no strategy knows the caller */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AuthenticationRule | undefined>(authenticationRule, places);
    if (rule === undefined) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    if (rule.by === 'nobody') return true;
    refuseTwoCredentials(context.switchToHttp().getRequest<Request>());
    await this.guards.get(rule.by)?.canActivate(context);
    const { user } = context.switchToHttp().getRequest<{ user: Principal }>();
    if (rule.once && !('tokenId' in user && user.tokenId !== undefined))
      throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
    return true;
  }
}

function guardOf(strategies: readonly string[]): Type<IAuthGuard> {
  class StrategyGuard extends AuthGuard([...strategies]) {
    override handleRequest<User>(error: unknown, user: User | false, _: unknown, context: ExecutionContext): User {
      if (error) throw error as Error;
      if (user) return user;
      const { headers } = context.switchToHttp().getRequest<Request>();
      const given = headers.authorization ?? headers['x-tenant-token'];
      throw new Failed({ kind: 'unauthenticated', reason: given === undefined ? 'missing' : 'invalid' });
    }
  }
  return StrategyGuard;
}

/** Node keeps the first of several `Authorization` headers, a proxy before us may have judged by another. */
function refuseTwoCredentials(request: Request): void {
  const count = request.rawHeaders.filter((name, index) => index % 2 === 0 && /^authorization$/i.test(name)).length;
  if (count > 1) throw new Failed({ kind: 'unauthenticated', reason: 'invalid' });
}
