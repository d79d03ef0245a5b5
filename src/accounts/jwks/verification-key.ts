import { createPublicKey, type KeyObject } from 'node:crypto';
import { type SignatureAlgorithm, type VerificationKey } from '../../platform/auth/verification-key';
import { isPrintable } from '../../platform/text/printable';

/** Why a key is of no use for verifying signatures. */
export interface UnusableKey {
  readonly unusable: string;
}

const curves: Readonly<Record<string, SignatureAlgorithm>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };
const rsaAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const minModulusBits = 2048;
/** Above this a single verification costs so much that a key could be registered to slow the server down. */
const maxModulusBits = 8192;
const maxKidLength = 256;

/** Reads one public key of a JWK set (RFC 7517, section 4). */
export function readVerificationKey(jwk: Readonly<Record<string, unknown>>): VerificationKey | UnusableKey {
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

function readKey(jwk: Readonly<Record<string, unknown>>): VerificationKey | UnusableKey {
  if (jwk.kty === 'EC') return readEcKey(jwk);
  if (jwk.kty === 'RSA') return readRsaKey(jwk);
  return { unusable: '"kty" must be "EC" or "RSA"' };
}

function readEcKey({ kty, crv, x, y }: Readonly<Record<string, unknown>>): VerificationKey | UnusableKey {
  const algorithm = typeof crv === 'string' && Object.hasOwn(curves, crv) ? curves[crv] : undefined;
  if (algorithm === undefined) return { unusable: '"crv" must be "P-256", "P-384" or "P-521"' };
  const key = importKey({ kty, crv, x, y });
  if (key === undefined) return { unusable: '"x" and "y" are not a point on the curve' };
  return { algorithms: [algorithm], key };
}

function readRsaKey({ kty, n, e }: Readonly<Record<string, unknown>>): VerificationKey | UnusableKey {
  const key = importKey({ kty, n, e });
  if (key === undefined) return { unusable: '"n" and "e" are not an RSA key' };
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < minModulusBits || modulusLength > maxModulusBits) {
    return { unusable: `an RSA key must have ${minModulusBits} to ${maxModulusBits} bits, not ${modulusLength}` };
  }
  // With an exponent of 1 every signature is its own message: anyone could sign.
  if (publicExponent < 3n || publicExponent % 2n === 0n) return { unusable: '"e" must be odd and at least 3' };
  return { algorithms: [...rsaAlgorithms], key };
}

function importKey(jwk: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
