import { hash, type KeyObject } from 'node:crypto';
import { PassportStrategy } from '@nestjs/passport';
import { type Request } from 'express';
import { LRUCache } from 'lru-cache';
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
  /** A token serves many calls until its end, so that its verified signature is remembered. */
  readonly reused?: boolean;
}

/** Who a token says that it is from, and the key by which it then must be signed. */
export interface Claimed<Sender> {
  readonly sender: Sender;
  readonly key: VerificationKey;
}

const rememberedTokens = 10_000;

const digestOf = (token: string): string => hash('sha256', token, 'base64');

/** Callers known by a JWT: passport-jwt, with a key that is chosen for each token. */
export abstract class JwtStrategy<Sender> extends PassportStrategy(Strategy) {
  /** Looked up for the key, and not again once the signature is verified. */
  private readonly claimed = new WeakMap<Request, Claimed<Sender>>();
  private readonly tokenIn: JwtRules['tokenIn'];
  /**
   * Of the reused tokens used last, by their digests, the key object whose signature each was seen to have. That alone is
   * remembered: a key that is read anew is another object, and verifies anew.
   */
  private readonly verified: LRUCache<string, KeyObject> | undefined;

  constructor(strategies: Strategies, { name, algorithms, tokenIn, reused = false }: JwtRules) {
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
    this.tokenIn = tokenIn;
    this.verified = reused ? new LRUCache({ max: rememberedTokens }) : undefined;
    strategies.register(name, this);
  }

  /** Undefined where no sender is known, or it has no such key. */
  protected abstract claimedBy(token: CompactToken): Promise<Claimed<Sender> | undefined>;

  /** Who signed it; called once the signature, `exp` and `nbf` are verified. Undefined where the claims are not acceptable. */
  protected abstract principalOf(sender: Sender, claims: Claims, request: Request): Promise<Principal | undefined>;

  /** Whatever is not recognised at once, a failed look-up too, is for passport-jwt to judge. */
  override authenticate(request: Request, options?: object): void {
    const judge = (): void => {
      super.authenticate(request, options);
    };
    const answer = (caller: Principal | undefined): void => {
      if (caller === undefined) judge();
      else this.success(caller);
    };
    if (this.verified === undefined) judge();
    else this.recognise(request, this.verified).then(answer, judge);
  }

  override async validate(request: Request, claims: Claims): Promise<Principal | undefined> {
    const claimed = this.claimed.get(request);
    if (claimed === undefined) return undefined;
    this.verified?.set(digestOf(this.tokenIn(request) ?? ''), claimed.key.key);
    return this.principalOf(claimed.sender, claims, request);
  }

  /** Who sent a token that was verified before; all but its signature is judged anew. */
  private async recognise(request: Request, verified: LRUCache<string, KeyObject>): Promise<Principal | undefined> {
    const text = this.tokenIn(request);
    const key = text === undefined ? undefined : verified.get(digestOf(text));
    const token = text === undefined || key === undefined ? undefined : readCompactToken(text);
    if (token === undefined) return undefined;
    const claimed = await this.claimedBy(token);
    if (claimed === undefined || claimed.key.key !== key || !isInForce(token.claims)) return undefined;
    return this.principalOf(claimed.sender, token.claims, request);
  }

  private async keyOf(request: Request, text: string): Promise<KeyObject | undefined> {
    const token = readCompactToken(text);
    const claimed = token && (await this.claimedBy(token));
    if (!claimed?.key.algorithms.some((each) => each === token?.header.alg)) return undefined;
    this.claimed.set(request, claimed);
    return claimed.key.key;
  }

  getPassportInstance(): object {
    return unshared();
  }
}

/** Whether now is between `nbf` and `exp`, as far as they are given. RFC 7519, sections 4.1.4 and 4.1.5. */
function isInForce({ exp, nbf }: Claims): boolean {
  const nowSeconds = Math.floor(Date.now() / 1000);
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowSeconds + clockSkewSeconds)) return false;
  return exp === undefined || (typeof exp === 'number' && nowSeconds < exp + clockSkewSeconds);
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
