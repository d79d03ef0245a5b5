import { randomUUID } from 'node:crypto';
import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import passport, { Authenticator, Strategy } from 'passport';
import { type Principal } from './authenticate';

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
