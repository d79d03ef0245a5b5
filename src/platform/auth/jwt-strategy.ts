import { type KeyObject } from 'node:crypto';
import { type Request } from 'express';
import { type Principal } from './authenticate';
import { type CompactToken, readCompactToken } from './compact-token';
import { CallerStrategy, type Strategies } from './strategies';
import { isSignedBy, type SignatureAlgorithm, VerifiedSignatures } from './token-signature';

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

/** Callers known by a JWT, verified with a key that is chosen for each token. */
export abstract class JwtStrategy<Sender> extends CallerStrategy {
  private readonly verified = new VerifiedSignatures();

  constructor(
    strategies: Strategies,
    private readonly rules: JwtRules,
  ) {
    super(strategies, rules.name);
  }

  /** Undefined where no sender is known, or it has no such key. */
  protected abstract claimedBy(token: CompactToken): Promise<Claimed<Sender> | undefined>;

  /** Who signed it; called once the signature, `exp` and `nbf` are verified. Undefined where the claims are not acceptable. */
  protected abstract principalOf(sender: Sender, claims: Claims, request: Request): Promise<Principal | undefined>;

  override async validate(request: Request): Promise<Principal | undefined> {
    const text = this.rules.tokenIn(request);
    const token = text === undefined ? undefined : readCompactToken(text);
    if (text === undefined || token === undefined) return undefined;
    const claimed = await this.claimedBy(token);
    if (claimed === undefined || !this.isSigned(text, token, claimed.key) || !isInForce(token.claims)) return undefined;
    return this.principalOf(claimed.sender, token.claims, request);
  }

  private isSigned(text: string, token: CompactToken, { key, algorithms }: VerificationKey): boolean {
    const algorithm = algorithms.find((each) => each === token.header.alg);
    if (algorithm === undefined || !this.rules.algorithms.includes(algorithm)) return false;
    return this.rules.reused === true
      ? this.verified.isSignedBy(text, token, algorithm, key)
      : isSignedBy(token, algorithm, key);
  }
}

/** Whether now is between `nbf` and `exp`, as far as they are given. RFC 7519, sections 4.1.4 and 4.1.5. */
function isInForce({ exp, nbf }: Claims): boolean {
  const nowSeconds = Math.floor(Date.now() / 1000);
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowSeconds + clockSkewSeconds)) return false;
  return exp === undefined || (typeof exp === 'number' && nowSeconds < exp + clockSkewSeconds);
}

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
