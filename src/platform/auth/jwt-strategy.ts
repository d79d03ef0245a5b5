import { type Request } from 'express';
import { Strategy } from 'passport-jwt';
import { type VerificationKey } from './verification-key';
import { type Principal } from './principal';
import { clockSkewSeconds } from './token-times';

export type Claims = Readonly<Record<string, unknown>>;

export interface JwtRules {
  readonly algorithms: readonly (
    'ES256' | 'ES384' | 'ES512' | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512'
  )[];
  tokenIn(request: Request): string | undefined;
  /** The key that this token must be signed with; undefined where there is none. */
  keyOf(token: string): Promise<VerificationKey | undefined>;
  /** Called once the signature, `exp` and `nbf` are verified. */
  principalOf(claims: Claims, request: Request): Promise<Principal | undefined>;
}

/** No key could be looked up, which is no fault of the token. */
class KeyLookupFailed extends Error {}

/** passport-jwt takes a look-up that failed for a bad token; but nobody is a stranger only because our database is down. */
class JwtStrategy extends Strategy {
  override authenticate(request: Request, options?: object): void {
    const fail = this.fail.bind(this) as () => void;
    this.fail = (challenge: unknown) => {
      if (challenge instanceof KeyLookupFailed) this.error(challenge.cause as Error);
      else fail();
    };
    super.authenticate(request, options);
  }
}

/** passport-jwt with our rules, keys as parsed objects (a PEM string would be parsed again for each request). */
export function jwtStrategy(rules: JwtRules): Strategy {
  return new JwtStrategy(
    {
      jwtFromRequest: (request: Request) => rules.tokenIn(request) ?? null,
      secretOrKeyProvider: (_request: Request, token: string, done) => {
        rules.keyOf(token).then(
          (found) => {
            // The types know secrets as text only; jsonwebtoken verifies with a KeyObject just as well.
            done(found === undefined ? new Error('no such key') : null, found?.key as never);
          },
          (cause: unknown) => {
            done(new KeyLookupFailed('', { cause }));
          },
        );
      },
      algorithms: [...rules.algorithms],
      // Only some of these options are deprecated; this one has no other place.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      jsonWebTokenOptions: { clockTolerance: clockSkewSeconds },
      passReqToCallback: true,
    },
    (request: Request, claims: Claims, done) => {
      rules.principalOf(claims, request).then((principal) => {
        done(null, principal ?? false);
      }, done);
    },
  );
}
