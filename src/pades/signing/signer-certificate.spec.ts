import { X509Certificate } from 'node:crypto';
import { type Authority, createAuthority, loadAuthority } from './authority';
import { issueSignerCertificate } from './signer-certificate';

const signedAt = new Date('2026-06-01T12:00:00Z');
let authority: Authority;

beforeAll(async () => {
  authority = await loadAuthority(await createAuthority('Ours', new Date('2026-01-01T00:00:00Z')), signedAt);
});

const issued = async (name: string, at = signedAt) => {
  const { certificate } = await issueSignerCertificate(authority, { name, partialId: '567D' }, at);
  return { certificate, parsed: new X509Certificate(Buffer.from(certificate.rawData)) };
};

describe('the certificate of a signer', () => {
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
