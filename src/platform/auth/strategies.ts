import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import passport, { Authenticator, type Strategy } from 'passport';

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
