import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { type Request } from 'express';
import { Failed } from '../envelope/failure';
import { type Authentication, authenticationRule, type AuthenticationRule, type Principal } from './authenticate';
import { KeyLookupFailed } from './jwt-strategy';
import { Strategies } from './strategies';

/** The one guard: runs the passport strategies that the route's `@Authenticate` names, until one knows the caller. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly guards = new Map<Authentication, CanActivate>();

  constructor(
    private readonly reflector: Reflector,
    private readonly strategies: Strategies,
  ) {}

  /** @throws Failed `unauthenticated` when no strategy knows the caller, or the route says nothing of callers */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<AuthenticationRule | undefined>(authenticationRule, places);
    if (rule?.by === 'public') return true;
    const request = context.switchToHttp().getRequest<Request & { user: Principal }>();
    if (rule === undefined || namesTwoCallers(request)) throw unauthenticated(request);
    await this.guardOf(rule.by).canActivate(context);
    if (rule.once && request.user.tokenId === undefined) throw unauthenticated(request);
    return true;
  }

  private guardOf(by: Authentication): CanActivate {
    const known = this.guards.get(by);
    if (known !== undefined) return known;
    const guard = passportGuard(Object.keys(by.strategies).map((name) => this.strategies.registeredNameOf(name)));
    this.guards.set(by, guard);
    return guard;
  }
}

function passportGuard(strategies: string[]): CanActivate {
  class Guard extends AuthGuard(strategies) {
    /** @param challenges why each of the strategies does not know the caller */
    override handleRequest<User>(
      error: unknown,
      user: User | false | null,
      challenges: unknown,
      context: ExecutionContext,
    ): User {
      if (error) throw error instanceof Error ? error : new Error('a strategy failed', { cause: error });
      if (user) return user;
      const lookup = [challenges].flat().find((challenge) => challenge instanceof KeyLookupFailed);
      throw lookup?.cause ?? unauthenticated(context.switchToHttp().getRequest());
    }
  }
  return new Guard();
}

function unauthenticated({ headers }: Request): Failed {
  const given = headers.authorization ?? headers['x-tenant-token'];
  return new Failed({ kind: 'unauthenticated', reason: given === undefined ? 'missing' : 'invalid' });
}

/** Node keeps the first of several `Authorization` headers; a proxy before us may have judged by another. */
function namesTwoCallers(request: Request): boolean {
  return request.rawHeaders.filter((name, index) => index % 2 === 0 && /^authorization$/i.test(name)).length > 1;
}
