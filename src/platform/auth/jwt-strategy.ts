import { PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import { Strategy } from 'passport-jwt';
import { type Principal } from './principal';
import { type Strategies, unshared } from './strategies';
import { clockSkewSeconds } from './token-times';
import { type SignatureAlgorithm, type VerificationKey } from './verification-key';

export type Claims = Readonly<Record<string, unknown>>;

export interface JwtRules {
  /** The strategy's name in the application. */
  readonly name: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly tokenIn: (request: Request) => string | undefined;
}

/** No key could be looked up, which is no fault of the token: passport-jwt takes it for one, the guard does not. */
export class KeyLookupFailed extends Error {
  override readonly cause: Error;

  constructor(cause: unknown) {
    super('No key could be looked up');
    this.cause = cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** Callers known by a JWT: passport-jwt, with a key that is chosen for each token. */
export abstract class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(strategies: Strategies, { name, algorithms, tokenIn }: JwtRules) {
    const options = {
      jwtFromRequest: (request: Request) => tokenIn(request) ?? null,
      secretOrKeyProvider: (_request: Request, token: string, done: (error: unknown, key?: never) => void) => {
        this.keyOf(token).then(
          (found) => {
            // A key that is parsed already; the types know PEM, which would be parsed again for each request.
            done(found === undefined ? new Error('no such key') : null, found?.key as never);
          },
          (cause: unknown) => {
            done(new KeyLookupFailed(cause));
          },
        );
      },
      algorithms: [...algorithms],
      jsonWebTokenOptions: { clockTolerance: clockSkewSeconds },
      passReqToCallback: true as const,
    };
    super(options);
    strategies.register(name, this);
  }

  /** The key that this token must be signed with; undefined where there is none. */
  protected abstract keyOf(token: string): Promise<VerificationKey | undefined>;

  /** Who signed it; called once the signature, `exp` and `nbf` are verified. */
  abstract override validate(request: Request, claims: Claims): Promise<Principal | undefined>;

  getPassportInstance(): object {
    return unshared();
  }
}
