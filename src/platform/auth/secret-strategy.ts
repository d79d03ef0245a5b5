import { PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import { Strategy } from 'passport';
import { type Principal } from './principal';
import { type Strategies, unshared } from './strategies';

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
