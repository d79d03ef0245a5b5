import { type KeyObject } from 'node:crypto';
import { PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import { Strategy } from 'passport-jwt';
import { type Principal } from './authenticate';
import { type CompactToken, readCompactToken } from './compact-token';
import { KeyLookupFailed, type Strategies, unshared } from './strategies';

export type Claims = Readonly<Record<string, unknown>>;

interface JwtRules {
  /** The strategy's name in the application. */
  readonly name: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly tokenIn: (request: Request) => string | undefined;
}

/** Who a token says that it is from, and the key by which it then must be signed. */
export interface Claimed<Sender> {
  readonly sender: Sender;
  readonly key: VerificationKey;
}

/** Callers known by a JWT: passport-jwt, with a key that is chosen for each token. */
export abstract class JwtStrategy<Sender> extends PassportStrategy(Strategy) {
  /** Looked up for the key, and not again once the signature is verified. */
  private readonly senders = new WeakMap<Request, Sender>();

  constructor(strategies: Strategies, { name, algorithms, tokenIn }: JwtRules) {
    const options = {
      jwtFromRequest: (request: Request) => tokenIn(request) ?? null,
      secretOrKeyProvider: (request: Request, token: string, done: (error: unknown, key?: never) => void) => {
        this.keyOf(request, token).then(
          (key) => {
            // A key that is parsed already; the types know PEM, which would be parsed again for each request.
            done(key === undefined ? new Error('no such key') : null, key as never);
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

  /** Undefined where no sender is known, or it has no such key. */
  protected abstract claimedBy(token: CompactToken): Promise<Claimed<Sender> | undefined>;

  /** Who signed it; called once the signature, `exp` and `nbf` are verified. Undefined where the claims are not acceptable. */
  protected abstract principalOf(sender: Sender, claims: Claims, request: Request): Promise<Principal | undefined>;

  override async validate(request: Request, claims: Claims): Promise<Principal | undefined> {
    const sender = this.senders.get(request);
    return sender === undefined ? undefined : this.principalOf(sender, claims, request);
  }

  private async keyOf(request: Request, text: string): Promise<KeyObject | undefined> {
    const token = readCompactToken(text);
    const claimed = token && (await this.claimedBy(token));
    if (!claimed?.key.algorithms.some((each) => each === token?.header.alg)) return undefined;
    this.senders.set(request, claimed.sender);
    return claimed.key.key;
  }

  getPassportInstance(): object {
    return unshared();
  }
}

/** The signature algorithms of RFC 7518, section 3.1, that tokens may be signed with: those with a public key. */
export const asymmetricAlgorithms = [
  ...(['ES256', 'ES384', 'ES512'] as const),
  ...(['RS256', 'RS384', 'RS512'] as const),
  ...(['PS256', 'PS384', 'PS512'] as const),
];
export type SignatureAlgorithm = (typeof asymmetricAlgorithms)[number];

/** A public key, parsed once: parsing costs more than verifying a signature. */
export interface VerificationKey {
  readonly kid?: string;
  /** What a signature by this key may be made with; anything else is not by this key, whatever a token's header claims. */
  readonly algorithms: SignatureAlgorithm[];
  readonly key: KeyObject;
}

/** How far a caller's clock may be from ours, in seconds. */
export const clockSkewSeconds = 5;

/**
 * Whether a token that a caller made for one call says when it was made and when it ends, is not from the future,
 * and lives no longer than `maxLifeSeconds`. (Its end itself is checked with its signature.)
 */
export function isShortLived(claims: Readonly<Record<string, unknown>>, maxLifeSeconds: number): boolean {
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || typeof exp !== 'number' || !Number.isFinite(iat) || !Number.isFinite(exp))
    return false;
  const nowSeconds = Date.now() / 1000;
  return iat <= nowSeconds + clockSkewSeconds && exp > iat && exp - iat <= maxLifeSeconds;
}
