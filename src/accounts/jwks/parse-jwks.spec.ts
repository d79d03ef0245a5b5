import { generateKeyPairSync, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { InvalidJwks } from './jwks.errors';
import { parseJwks } from './parse-jwks';

const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
const jwkOf = (key: KeyObject, more: object = {}): JsonWebKey => ({ ...key.export({ format: 'jwk' }), ...more });

const pair = ec('P-256');
const p256 = jwkOf(pair.publicKey);
const rsa2048 = jwkOf(rsa(2048).publicKey);

describe('parseJwks', () => {
  it.each([
    ['P-256', ['ES256']],
    ['P-384', ['ES384']],
    ['P-521', ['ES512']],
  ])('ties a key on %s to its algorithm', (curve, algorithms) => {
    const keys = parseJwks({ keys: [jwkOf(ec(curve).publicKey, { kid: 'a', use: 'sig' })] });
    expect(keys.find('a')).toMatchObject({ kid: 'a', algorithms });
  });

  it('ties an RSA key to the RSA algorithms, or to the one it names', () => {
    const all = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
    expect(parseJwks({ keys: [rsa2048] }).find(undefined)?.algorithms).toEqual(all);
    expect(parseJwks({ keys: [{ ...rsa2048, alg: 'PS256' }] }).find(undefined)?.algorithms).toEqual(['PS256']);
  });

  it('gives a key that verifies what its private half signed', () => {
    const { key } = parseJwks({ keys: [p256] }).find(undefined)!;
    const data = Buffer.from('signed');
    expect(verify('sha256', data, key, sign('sha256', data, pair.privateKey))).toBe(true);
  });

  it('finds by kid, and without one only where there is a single key', () => {
    const [a, b] = [
      { ...p256, kid: 'a' },
      { ...rsa2048, kid: 'b' },
    ];
    const two = parseJwks({ keys: [a, b] });
    expect([two.find('a')?.kid, two.find('b')?.kid]).toEqual(['a', 'b']);
    expect([two.find('c'), two.find(undefined)]).toEqual([undefined, undefined]);
    expect(parseJwks({ keys: [a] }).find(undefined)?.kid).toBe('a');
    expect(parseJwks({ keys: [p256] }).find('a')).toBeUndefined();
  });

  it('is kept as nothing but what verifies, and reads the same again', () => {
    const odd = { x5c: ['nul\0'], key_ops: ['verify', '\ud83d'], '\0': 1 };
    const kept = parseJwks({
      keys: [
        { ...p256, ...odd, x: `${p256.x}\0`, kid: 'a' },
        { ...rsa2048, kid: 'b' },
      ],
      ...odd,
    }).toJwks();
    expect(kept).toEqual({
      keys: [
        { ...p256, use: 'sig', alg: 'ES256', kid: 'a' },
        { ...rsa2048, use: 'sig', kid: 'b' },
      ],
    });
    expect(parseJwks(kept).toJwks()).toEqual(kept);
  });

  it('passes over keys for other purposes and of other kinds', () => {
    const okp = jwkOf(generateKeyPairSync('ed25519').publicKey, { kid: 'ed' });
    const keys = parseJwks({ keys: [{ ...rsa2048, use: 'enc' }, okp, { kty: 'new' }, { ...p256, kid: 'sig' }] });
    expect([keys.find('sig')?.kid, keys.find('ed'), keys.find(undefined)?.kid]).toEqual(['sig', undefined, 'sig']);
  });

  it.each<[string, string, JsonWebKey | Record<string, unknown>]>([
    ['an encryption key', '"use" is not "sig"', { ...p256, use: 'enc' }],
    ['a key for other operations', '"key_ops" does not include "verify"', { ...p256, key_ops: ['sign'] }],
    ['ill-typed operations', '"key_ops" does not include "verify"', { ...p256, key_ops: 'verify' }],
    ['another curve', '"crv" must be "P-256", "P-384" or "P-521"', jwkOf(ec('secp256k1').publicKey)],
    ['a curve named like a method', '"crv" must be "P-256", "P-384" or "P-521"', { ...p256, crv: 'constructor' }],
    ['a point off the curve', '"x" and "y" are not a point on the curve', { ...p256, y: p256.x }],
    ['a missing coordinate', '"x" and "y" are not a point on the curve', { ...p256, y: undefined }],
    ['another kind of key', '"kty" must be "EC" or "RSA"', jwkOf(generateKeyPairSync('ed25519').publicKey)],
    ['no kind', '"kty" must be "EC" or "RSA"', {}],
    ['a short RSA key', 'an RSA key must have 2048 to 8192 bits, not 1024', jwkOf(rsa(1024).publicKey)],
    ['a huge RSA key', 'bits, not 16384', { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(2048, 0xff).toString('base64url') }],
    ['an RSA exponent of 1', '"e" must be odd and at least 3', { ...rsa2048, e: 'AQ' }],
    ['an even RSA exponent', '"e" must be odd and at least 3', { ...rsa2048, e: 'AQAA' }],
    ['half an RSA key', '"n" and "e" are not an RSA key', { kty: 'RSA', n: rsa2048.n }],
    ['an algorithm of another curve', '"alg" must be ES256, or be left out', { ...p256, alg: 'ES384' }],
    ['a symmetric algorithm', '"alg" must be RS256 or', { ...rsa2048, alg: 'HS256' }],
    ['an empty kid', '"kid" must be a string', { ...p256, kid: '' }],
    ['an ill-typed kid', '"kid" must be a string', { ...p256, kid: 1 }],
    ['a kid that holds a NUL', '"kid" must be a string', { ...p256, kid: 'a\0' }],
    ['a kid that holds half a pair', '"kid" must be a string', { ...p256, kid: 'a\ud83d' }],
  ])('says of %s: %s', (_, message, jwk) => {
    expect(() => parseJwks({ keys: [jwk] })).toThrow(InvalidJwks);
    expect(() => parseJwks({ keys: [jwk] })).toThrow(message);
  });

  it.each<[string, string, object]>([
    ['a private EC key', 'it has "d"', jwkOf(pair.privateKey)],
    ['a private RSA key', 'it has "d"', jwkOf(rsa(2048).privateKey)],
    ['a private key of an unknown kind', 'it has "d"', { kty: 'new', d: 'x' }],
    ['a shared secret', 'a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a shared secret in disguise', 'it has "k"', { ...p256, k: 'c2VjcmV0' }],
  ])('refuses a whole set for %s, even beside a good key', (_, message, jwk) => {
    expect(() => parseJwks({ keys: [{ ...p256, kid: 'good' }, jwk] })).toThrow(message);
  });

  it('refuses keys that cannot be told apart', () => {
    const twice = { keys: [p256, rsa2048].map((jwk) => ({ ...jwk, kid: 'same' })) };
    expect(() => parseJwks(twice)).toThrow('two keys have the "kid" "same"');
    expect(() => parseJwks({ keys: [p256, { ...rsa2048, kid: 'b' }] })).toThrow('each needs a "kid"');
  });

  it.each([undefined, null, 'keys', [], {}, { keys: {} }, { keys: [null] }, { keys: [[]] }, { keys: [] }])(
    'refuses %j as no JWK set, or an empty one',
    (document) => {
      expect(() => parseJwks(document)).toThrow(InvalidJwks);
    },
  );
});
