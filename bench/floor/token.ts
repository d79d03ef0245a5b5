import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

/** Verifies an ES256 token with a key that is parsed already; answers its claims. */
export function verifiedClaims(token: string, key: KeyObject): Record<string, unknown> {
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const signed = Buffer.from(`${header}.${claims}`);
  const right = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!right) throw new Error('a token does not verify');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
}

export function publicKey(jwk: object): KeyObject {
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}
