import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../../../test/support/programs';
import { type Authority, AuthorityError, createAuthority, issueSignerCertificate, loadAuthority } from './authority';

const now = new Date();

describe('an authority of our own', () => {
  it('can be loaded as it was made', async () => {
    const authority = await loadAuthority(await createAuthority('Our “authority”, Inc. + more', now), now);
    expect(authority.certificate.subjectName.getField('CN')).toEqual(['Our “authority”, Inc. + more']);
    expect(authority.chain).toHaveLength(1);
    await expect(authority.certificate.verify()).resolves.toBe(true);
  });

  it('is valid for ten years', async () => {
    const pem = await createAuthority('Ours', new Date('2026-01-02T00:00:00Z'));
    await expect(loadAuthority(pem, new Date('2036-01-01T00:00:00Z'))).resolves.toBeDefined();
    await expect(loadAuthority(pem, new Date('2036-01-02T00:00:00Z'))).rejects.toThrow(
      'The certificate is valid from 2026-01-02T00:00:00.000Z to 2036-01-02T00:00:00.000Z only.',
    );
    await expect(loadAuthority(pem, new Date('2026-01-01T00:00:00Z'))).rejects.toThrow(AuthorityError);
  });
});

describe('an authority that cannot be used', () => {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

  it.each([
    ['no key', { privateKey: 'nonsense' }, 'The private key is no PEM of a key.'],
    [
      'a key under a passphrase',
      { privateKey: otherKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'secret' }).toString() },
      'The private key is encrypted; give it without a passphrase.',
    ],
    [
      'another key',
      { privateKey: otherKey.export(pkcs8).toString() },
      'The private key is not the one of the certificate.',
    ],
    ['no certificate', { certificate: '' }, 'The certificate is no PEM of a certificate.'],
    [
      'a broken certificate',
      { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'The certificate cannot be read.',
    ],
  ])('is refused for %s', async (_, fault, message) => {
    const pem = await createAuthority('Ours', now);
    await expect(loadAuthority({ ...pem, ...fault }, now)).rejects.toThrow(message);
  });
});

describeWith(['openssl'], 'an authority made by OpenSSL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const made = (key: readonly string[], ...extensions: string[]) => {
    const [privateKey, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        ...key,
        '-nodes',
        '-subj',
        '/CN=Theirs',
        '-keyout',
        privateKey,
        '-out',
        certificate,
        ...added,
      ],
      { stdio: 'pipe' },
    );
    return { privateKey: readFileSync(privateKey, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  };
  const p256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const isAuthority = 'basicConstraints=critical,CA:TRUE';
  const later = () => new Date(Date.now() + 60_000);

  it('is accepted, on P-256 too', async () => {
    const authority = await loadAuthority(made(p256, 'keyUsage=critical,keyCertSign'), later());
    expect(authority.signingAlgorithm).toEqual({ name: 'ECDSA', hash: 'SHA-256' });
  });

  it.each([
    [['rsa:2048'], isAuthority, 'The private key must be an elliptic curve key on P-256 or P-384.'],
    [
      p256,
      'basicConstraints=critical,CA:FALSE',
      'The certificate is not one of a certificate authority (basicConstraints).',
    ],
    [p256, 'keyUsage=digitalSignature', 'The certificate may not sign certificates (keyUsage lacks keyCertSign).'],
  ])('is refused: %s %s', async (key, extension, message) => {
    await expect(loadAuthority(made(key, extension), later())).rejects.toThrow(message);
  });
});

describe('the certificate of a signer', () => {
  const signedAt = new Date('2026-06-01T12:00:00Z');
  let authority: Authority;

  beforeAll(async () => {
    authority = await loadAuthority(await createAuthority('Ours', new Date('2026-01-01T00:00:00Z')), signedAt);
  });

  const issued = async (name: string, at = signedAt) => {
    const { certificate } = await issueSignerCertificate(authority, { name, partialId: '567D' }, at);
    return { certificate, parsed: new X509Certificate(Buffer.from(certificate.rawData)) };
  };

  it.each(['Tan Ah Kow', 'O"Brien, Pat + Co; <x> #1 = \\', ' spaces ', 'CN=Somebody Else', '陈大文'])(
    'says the name as it is: %j',
    async (name) => {
      const { certificate } = await issued(name);
      expect(certificate.subjectName.getField('CN')).toEqual([name]);
      expect(certificate.subjectName.getField('2.5.4.5')).toEqual(['567D']);
    },
  );

  it('cuts a name to the 64 characters that fit', async () => {
    const { certificate } = await issued('😀'.repeat(100));
    expect(certificate.subjectName.getField('CN')).toEqual(['😀'.repeat(64)]);
  });

  it('is signed by the authority, for signing only', async () => {
    const { certificate, parsed } = await issued('Tan Ah Kow');
    const issuer = new X509Certificate(Buffer.from(authority.certificate.rawData));
    expect(parsed.checkIssued(issuer)).toBe(true);
    expect(parsed.verify(issuer.publicKey)).toBe(true);
    expect(parsed.ca).toBe(false);
    expect(certificate.extensions.map(({ type, critical }) => [type, critical])).toEqual([
      ['2.5.29.19', false],
      ['2.5.29.15', true],
      ['2.5.29.14', false],
      ['2.5.29.35', false],
    ]);
  });

  it('lives for a day, and never longer than its authority', async () => {
    const { certificate } = await issued('Tan Ah Kow');
    expect(certificate.notBefore).toEqual(new Date('2026-06-01T11:55:00Z'));
    expect(certificate.notAfter).toEqual(new Date('2026-06-02T12:00:00Z'));
    const late = await issued('Tan Ah Kow', new Date('2035-12-31T20:00:00Z'));
    expect(late.certificate.notAfter).toEqual(authority.certificate.notAfter);
  });

  it('is another one each time', async () => {
    const [one, other] = [await issued('Tan Ah Kow'), await issued('Tan Ah Kow')];
    expect(one.certificate.serialNumber).not.toBe(other.certificate.serialNumber);
    expect(one.certificate.publicKey.equal(other.certificate.publicKey)).toBe(false);
  });
});
