import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sign } from 'jsonwebtoken';
import { readCompactToken } from './compact-token';
import { asymmetricAlgorithms, isSignedBy, type SignatureAlgorithm, VerifiedSignatures } from './token-signature';

const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pairOf = (algorithm: SignatureAlgorithm) =>
  algorithm in curves ? generateKeyPairSync('ec', { namedCurve: curves[algorithm as keyof typeof curves] }) : rsa;

function signed(algorithm: SignatureAlgorithm, privateKey: KeyObject, claims: object = { sub: 'alice' }) {
  const text = sign(claims, privateKey, { algorithm });
  const token = readCompactToken(text);
  if (token === undefined) throw new Error('the token is not well formed');
  return { text, token };
}

describe('isSignedBy', () => {
  it.each(asymmetricAlgorithms)('holds for what another library signed with %s, and for nothing else', (algorithm) => {
    const { privateKey, publicKey } = pairOf(algorithm);
    const { token } = signed(algorithm, privateKey);
    const last = token.signature.length - 1;
    const flipped = Buffer.from(token.signature);
    flipped[last] = (flipped[last] ?? 0) ^ 1;
    expect(isSignedBy(token, algorithm, publicKey)).toBe(true);
    expect(isSignedBy({ ...token, signed: `${token.signed}A` }, algorithm, publicKey)).toBe(false);
    expect(isSignedBy({ ...token, signature: flipped }, algorithm, publicKey)).toBe(false);
    expect(isSignedBy({ ...token, signature: token.signature.subarray(1) }, algorithm, publicKey)).toBe(false);
  });

  it('does not take the encodings and paddings of other algorithms', () => {
    const { token } = signed('RS256', rsa.privateKey);
    for (const other of ['PS256', 'RS384'] as const) expect(isSignedBy(token, other, rsa.publicKey)).toBe(false);
    const { privateKey, publicKey } = pairOf('ES256');
    const zeros = { ...signed('ES256', privateKey).token, signature: Buffer.alloc(64) };
    expect(isSignedBy(zeros, 'ES256', publicKey)).toBe(false);
  });
});

describe('What is remembered of a verified signature', () => {
  const { privateKey, publicKey } = pairOf('ES256');
  const remembered = () => {
    const signatures = new VerifiedSignatures();
    const { text, token } = signed('ES256', privateKey);
    expect(signatures.isSignedBy(text, token, 'ES256', publicKey)).toBe(true);
    return { signatures, text, token };
  };

  it('is that this key has signed this token, which is not computed again', () => {
    const { signatures, text, token } = remembered();
    const unreadable = { ...token, signature: Buffer.alloc(0) };
    expect(signatures.isSignedBy(text, unreadable, 'ES256', publicKey)).toBe(true);
  });

  it('is of no use to a token with another signature, or other claims', () => {
    const { signatures, text, token } = remembered();
    const forged = Buffer.alloc(64, 1);
    const other = `${token.signed}.${forged.toString('base64url')}`;
    expect(other).not.toBe(text);
    expect(signatures.isSignedBy(other, { ...token, signature: forged }, 'ES256', publicKey)).toBe(false);
  });

  it('is of no use under another key, nor under the same one read anew', () => {
    const { signatures, text, token } = remembered();
    expect(signatures.isSignedBy(text, token, 'ES256', pairOf('ES256').publicKey)).toBe(false);
    const anew = createPublicKey({ key: publicKey.export({ format: 'jwk' }), format: 'jwk' });
    const broken = { ...token, signature: Buffer.alloc(0) };
    expect(signatures.isSignedBy(text, broken, 'ES256', anew)).toBe(false);
  });

  it('is not that a signature failed', () => {
    const signatures = new VerifiedSignatures();
    const { text, token } = signed('ES256', privateKey);
    expect(signatures.isSignedBy(text, { ...token, signature: Buffer.alloc(64) }, 'ES256', publicKey)).toBe(false);
    expect(signatures.isSignedBy(text, token, 'ES256', publicKey)).toBe(true);
  });
});
