import { randomUUID } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  Global,
  Injectable,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import passport, { Authenticator, Strategy } from 'passport';
import { Failed } from '../envelope/failure';
import { isRepeated } from '../http/request';
import { type Authentication, authenticationRule, type AuthenticationRule, type Principal } from './authenticate';

/**
 * The passport strategies of this application. Passport's registry is shared by all applications in a process, so each
 * application registers its strategies under names of its own.
 */
@Injectable()
export class Strategies implements OnApplicationShutdown {
  private readonly application = randomUUID();
  private readonly registered: string[] = [];

  /** To be called by each strategy's constructor. */
  register(name: string, strategy: Strategy): void {
    passport.use(this.registeredNameOf(name), strategy);
    this.registered.push(this.registeredNameOf(name));
  }

  /** What passport knows the strategy by. */
  registeredNameOf(name: string): string {
    return `${name}@${this.application}`;
  }

  onApplicationShutdown(): void {
    for (const name of this.registered) passport.unuse(name);
  }
}

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
    if (rule === undefined || isRepeated(request, 'authorization')) throw unauthenticated(request);
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

/** No key could be looked up, which is no fault of the token: passport-jwt takes it for one, the guard does not. */
export class KeyLookupFailed extends Error {
  override readonly cause: Error;

  constructor(cause: unknown) {
    super('No key could be looked up');
    this.cause = cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** Where `PassportStrategy` registers a strategy by its class, which would make it the only one of a process: nowhere. */
export const unshared = (): object => new Authenticator();

type Done = (error: unknown, principal?: Principal | false | null) => void;

/** Asks `verify` who makes a request. */
class RequestStrategy extends Strategy {
  constructor(private readonly verify: (request: Request, done: Done) => void) {
    super();
  }

  override authenticate(request: Request): void {
    this.verify(request, (error, principal) => {
      if (error) this.error(error);
      else if (principal) this.success(principal);
      else this.fail();
    });
  }
}

/** Callers known by a secret that they send. */
export abstract class SecretStrategy extends PassportStrategy(RequestStrategy, 'secret') {
  constructor(strategies: Strategies, name: string) {
    super();
    strategies.register(name, this);
  }

  /** Who sent the request; undefined where another strategy may know. @throws Failed where none may be asked */
  abstract override validate(request: Request): Promise<Principal | undefined>;

  getPassportInstance(): object {
    return unshared();
  }
}

/**
 * What follows `Bearer` in the `Authorization` header (RFC 6750, section 2.1). Not passport-jwt's extractor: its
 * pattern has no anchor, and takes seconds over a long header without a space.
 */
export function bearerToken({ headers }: Pick<Request, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The module that knows a kind of caller provides the strategy for it. */
@Global()
@Module({ providers: [Strategies], exports: [Strategies] })
export class AuthModule {}
