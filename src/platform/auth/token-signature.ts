import { constants, hash, type KeyObject, verify } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type CompactToken } from './compact-token';

/** The signature algorithms of RFC 7518, section 3.1, that tokens may be signed with: those with a public key. */
export const asymmetricAlgorithms = [
  ...(['ES256', 'ES384', 'ES512'] as const),
  ...(['RS256', 'RS384', 'RS512'] as const),
  ...(['PS256', 'PS384', 'PS512'] as const),
];
export type SignatureAlgorithm = (typeof asymmetricAlgorithms)[number];

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;

/** RFC 7518, sections 3.3 to 3.5. */
const schemes = {
  ES: { dsaEncoding: 'ieee-p1363' },
  RS: { padding: RSA_PKCS1_PADDING },
  PS: { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST },
} as const;

/**
 * Whether the token's signature is by this key. What else the token says is not looked at.
 * @param algorithm one that the key is for
 */
export function isSignedBy(
  { signed, signature }: CompactToken,
  algorithm: SignatureAlgorithm,
  key: KeyObject,
): boolean {
  const scheme = schemes[algorithm.slice(0, 2) as keyof typeof schemes];
  return verify(`sha${algorithm.slice(2)}`, Buffer.from(signed), { key, ...scheme }, signature);
}

const rememberedTokens = 10_000;

/**
 * The signatures that were verified last, so that those of tokens which serve many times are not verified at each use.
 * Only that a key has signed a token is remembered, and only of that very key object: a key that is read anew verifies anew.
 */
export class VerifiedSignatures {
  private readonly keys = new LRUCache<string, KeyObject>({ max: rememberedTokens });

  /** The same as `isSignedBy`. @param text the whole token */
  isSignedBy(text: string, token: CompactToken, algorithm: SignatureAlgorithm, key: KeyObject): boolean {
    const digest = hash('sha256', text, 'base64');
    if (this.keys.get(digest) === key) return true;
    const isSigned = isSignedBy(token, algorithm, key);
    if (isSigned) this.keys.set(digest, key);
    return isSigned;
  }
}
