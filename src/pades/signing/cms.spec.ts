import { createHash, verify, X509Certificate } from 'node:crypto';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { createAuthority, issueSignerCertificate, loadAuthority } from './authority';
import { signDetached } from './cms';

const now = new Date();
const byBytes = (one: Buffer, other: Buffer) => one.compare(other);
const digest = createHash('sha256').update('content').digest();

async function signed(timestamp?: (signature: Buffer) => Promise<Buffer>) {
  const authority = await loadAuthority(await createAuthority('Ours', now), now);
  const credentials = await issueSignerCertificate(authority, { name: 'Tan Ah Kow', partialId: '567D' }, now);
  const der = await signDetached(digest, credentials, authority.chain, timestamp);
  const data = AsnConvert.parse(AsnConvert.parse(der, ContentInfo).content, SignedData);
  return { authority, credentials, data, signer: data.signerInfos[0]! };
}

describe('the CMS of a signature', () => {
  it('has the attributes that PAdES asks for, and no signing-time', async () => {
    const { signer, credentials } = await signed();
    const attributes = new Map(
      signer.signedAttrs!.map(({ attrType, attrValues }) => [attrType, Buffer.from(attrValues[0]!)]),
    );
    expect([...attributes.keys()].sort()).toEqual([
      '1.2.840.113549.1.9.16.2.47',
      '1.2.840.113549.1.9.3',
      '1.2.840.113549.1.9.4',
    ]);
    expect(attributes.get('1.2.840.113549.1.9.4')).toEqual(Buffer.concat([Buffer.from([0x04, 0x20]), digest]));
    const certificateDigest = createHash('sha256').update(Buffer.from(credentials.certificate.rawData)).digest();
    expect(attributes.get('1.2.840.113549.1.9.16.2.47')).toEqual(
      Buffer.concat([Buffer.from('3026302430220420', 'hex'), certificateDigest]),
    );
  });

  it('is signed over the attributes as they are in it', async () => {
    const { signer, credentials } = await signed();
    const members = Buffer.concat(signer.signedAttrs!.map((member) => Buffer.from(AsnConvert.serialize(member))));
    const attributes = Buffer.concat([Buffer.from([0x31, 0x81, members.length]), members]);
    const { publicKey } = new X509Certificate(Buffer.from(credentials.certificate.rawData));
    expect(verify('sha256', attributes, publicKey, Buffer.from(signer.signature.buffer))).toBe(true);
    expect(signer.signatureAlgorithm.algorithm).toBe('1.2.840.10045.4.3.2');
  });

  it('has them in the order of DER, in which a set is signed (X.690, 11.6)', async () => {
    const { signer } = await signed();
    const members = signer.signedAttrs!.map((member) => Buffer.from(AsnConvert.serialize(member)));
    expect(members).toEqual(members.toSorted(byBytes));
  });

  it('holds no content, and the certificates up to the authority', async () => {
    const { data, authority, credentials } = await signed();
    expect(data.encapContentInfo.eContent).toBeUndefined();
    const included = data.certificates!.map(({ certificate }) => Buffer.from(AsnConvert.serialize(certificate)));
    const expected = [credentials.certificate, authority.certificate].map(({ rawData }) => Buffer.from(rawData));
    expect(included.sort(byBytes)).toEqual(expected.sort(byBytes));
  });

  it('carries the time-stamp beside the signature', async () => {
    const token = Buffer.from(
      AsnConvert.serialize(new ContentInfo({ contentType: '1.2.3', content: new Uint8Array([5, 0]).buffer })),
    );
    let stamped: Buffer | undefined;
    const { signer } = await signed((signature) => {
      stamped = signature;
      return Promise.resolve(token);
    });
    expect(stamped).toEqual(Buffer.from(signer.signature.buffer));
    expect(signer.unsignedAttrs![0]!.attrType).toBe('1.2.840.113549.1.9.16.2.14');
    expect(Buffer.from(signer.unsignedAttrs![0]!.attrValues[0]!)).toEqual(token);
  });
});
