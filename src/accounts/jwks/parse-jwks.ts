import { type VerificationKey } from '../../platform/auth/jwt-strategy';
import { readVerificationKey } from './read-verification-key';

/** A JWK set cannot serve for verifying signatures; the message tells whoever registers it what is wrong. */
export class InvalidJwks extends Error {
  override readonly name = 'InvalidJwks';
}

/** The public keys of one party. */
export class KeySet {
  private readonly byKid: ReadonlyMap<string | undefined, VerificationKey>;

  /** @param keys at least one; several only with distinct kids, as `parseJwks` sees to */
  constructor(private readonly keys: readonly VerificationKey[]) {
    this.byKid = new Map(keys.map((key) => [key.kid, key]));
  }

  /** The key a token's header names; a token that names none can only mean the single key of a party that has one. */
  find(kid: string | undefined): VerificationKey | undefined {
    if (kid !== undefined) return this.byKid.get(kid);
    return this.keys.length === 1 ? this.keys[0] : undefined;
  }

  /** The set as it is kept (RFC 7517, section 5): written anew from the keys, so that nothing else a document held stays. */
  toJwks(): { readonly keys: readonly object[] } {
    return { keys: this.keys.map(toJwk) };
  }
}

function toJwk({ kid, algorithms, key }: VerificationKey): object {
  const [alg, another] = algorithms;
  return {
    ...key.export({ format: 'jwk' }),
    use: 'sig',
    ...(kid !== undefined && { kid }),
    ...(another === undefined && { alg }),
  };
}

type Jwk = Readonly<Record<string, unknown>>;

/** Members that only a private or a symmetric key has (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a JWK set (RFC 7517, section 5), registered inline or fetched.
 *
 * Keys for other purposes or of other kinds are passed over, as the RFC asks: a set often holds an encryption key beside the
 * signing key. A secret key is no such matter: whoever published it has lost it, so the whole set is refused.
 *
 * @param document the set as parsed JSON
 * @throws InvalidJwks when it is no JWK set, holds a secret key or no usable one, or when its usable keys cannot be told apart.
 */
export function parseJwks(document: unknown): KeySet {
  const usable: VerificationKey[] = [];
  const faults: string[] = [];
  for (const [index, jwk] of jwksOf(document).entries()) {
    const name =
      typeof jwk.kid === 'string' ? `key ${JSON.stringify(jwk.kid.slice(0, 64))}` : `key number ${index + 1}`;
    refuseSecret(jwk, name);
    const read = readVerificationKey(jwk);
    if ('unusable' in read) faults.push(`${name}: ${read.unusable}`);
    else usable.push(read);
  }
  if (usable.length === 0) {
    throw new InvalidJwks(['the JWK set has no key to verify signatures with', ...faults].join('; '));
  }
  refuseAmbiguous(usable);
  return new KeySet(usable);
}

function jwksOf(document: unknown): Jwk[] {
  if (!isObject(document) || !Array.isArray(document.keys)) {
    throw new InvalidJwks('a JWK set must be an object with an array "keys"');
  }
  const { keys } = document as { keys: unknown[] };
  if (!keys.every(isObject)) throw new InvalidJwks('each of the "keys" of a JWK set must be an object');
  return keys;
}

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseSecret(jwk: Jwk, name: string): void {
  if (jwk.kty === 'oct') throw new InvalidJwks(`${name} is a shared secret ("kty": "oct"); give public keys only`);
  const secret = secretMembers.find((member) => Object.hasOwn(jwk, member));
  if (secret !== undefined) {
    throw new InvalidJwks(`${name} is a private key (it has "${secret}"); give public keys only, and replace this one`);
  }
}

function refuseAmbiguous(keys: readonly VerificationKey[]): void {
  const kids = new Set<string>();
  for (const { kid } of keys) {
    if (kid === undefined && keys.length > 1) throw new InvalidJwks('with more than one key, each needs a "kid"');
    if (kid === undefined) continue;
    if (kids.has(kid)) throw new InvalidJwks(`two keys have the "kid" ${JSON.stringify(kid)}`);
    kids.add(kid);
  }
}
