import { createPublicKey, type KeyObject } from 'node:crypto';
import { type SignatureAlgorithm, type VerificationKey } from '../../platform/auth/jwt-strategy';
import { isPrintable } from '../../platform/text/printable';

/** A JWK set cannot serve for verifying signatures; the message is for the party that registers it. */
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
 * signing key. A secret key is no such matter: it has been published, so the whole set is refused.
 *
 * @param document the set as parsed JSON
 * @throws InvalidJwks when it is no JWK set, holds a secret key or no usable one, or when its usable keys cannot be distinguished.
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

/** Why a key is of no use for verifying signatures. */
export interface UnusableKey {
  readonly unusable: string;
}

const curves: Readonly<Record<string, SignatureAlgorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
const rsaAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const minModulusBits = 2048;
/** Above this a single verification costs so much that a key could be registered to slow the server down. */
const maxModulusBits = 8192;
/** NIST SP 800-56B, section 6.2. */
const minExponent = 65_537n;
const maxKidLength = 256;

/** Reads one public key of a JWK set (RFC 7517, section 4). */
export function readVerificationKey(jwk: Jwk): VerificationKey | UnusableKey {
  const { kid, use, key_ops: operations, alg } = jwk;
  if (kid !== undefined && !isPrintable(kid, maxKidLength)) {
    return { unusable: `"kid" must be a string of 1 to ${maxKidLength} printable characters` };
  }
  if (use !== undefined && use !== 'sig') return { unusable: '"use" is not "sig"' };
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return { unusable: '"key_ops" does not include "verify"' };
  }
  const read = readKey(jwk);
  if ('unusable' in read) return read;
  const algorithms = read.algorithms.filter((algorithm) => alg === undefined || algorithm === alg);
  if (algorithms.length === 0) return { unusable: `"alg" must be ${read.algorithms.join(' or ')}, or be left out` };
  return { kid, algorithms, key: read.key };
}

function readKey(jwk: Jwk): VerificationKey | UnusableKey {
  if (jwk.kty === 'EC') return readEcKey(jwk);
  if (jwk.kty === 'RSA') return readRsaKey(jwk);
  return { unusable: '"kty" must be "EC" or "RSA"' };
}

function readEcKey({ kty, crv, x, y }: Jwk): VerificationKey | UnusableKey {
  const algorithm = typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv] : undefined;
  if (algorithm === undefined) return { unusable: '"crv" must be "P-256", "P-384" or "P-521"' };
  const key = importKey({ kty, crv, x, y });
  if (key === undefined) return { unusable: '"x" and "y" are not a point on the curve' };
  return { algorithms: [algorithm], key };
}

function readRsaKey({ kty, n, e }: Jwk): VerificationKey | UnusableKey {
  const key = importKey({ kty, n, e });
  if (key === undefined) return { unusable: '"n" and "e" are not an RSA key' };
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < minModulusBits || modulusLength > maxModulusBits) {
    return { unusable: `an RSA key must have ${minModulusBits} to ${maxModulusBits} bits, not ${modulusLength}` };
  }
  // With an exponent of 1 every signature is its own message; small ones forgive flaws in the padding.
  if (publicExponent < minExponent || publicExponent % 2n === 0n)
    return { unusable: `"e" must be odd and at least ${minExponent}` };
  if (isOfFlawedGenerator(Buffer.from(String(n), 'base64url')))
    return { unusable: 'it was generated by a flawed library (CVE-2017-15361), and can be broken' };
  return { algorithms: [...rsaAlgorithms], key };
}

function importKey(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** The first primes from 3 on, as far as the fingerprint needs them. */
const primes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];
const generator = 65_537;

const powersModulo = new Map(primes.map((prime) => [prime, powersOf(generator % prime, prime)]));

/**
 * Whether an RSA modulus bears the fingerprint of the smart-card library that made factorable keys (ROCA, CVE-2017-15361): modulo
 * each small prime it is a power of 65537. Of other moduli one in 240 million does.
 * Source: Nemec et al., The Return of Coppersmith's Attack (CCS 2017), section 2.2.
 * @param modulus big-endian
 */
function isOfFlawedGenerator(modulus: Buffer): boolean {
  return primes.every((prime) => powersModulo.get(prime)?.has(remainder(modulus, prime)));
}

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}

function remainder(modulus: Buffer, prime: number): number {
  return modulus.reduce((rest, byte) => (rest * 256 + byte) % prime, 0);
}
