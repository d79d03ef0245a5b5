import { createHash, sign } from 'node:crypto';
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import { AsnArray, AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import type { X509Certificate } from '@peculiar/x509';
import type { SignerCredentials } from './authority';

const oid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

@AsnType({ type: AsnTypeTypes.Choice })
class ObjectIdentifier {
  @AsnProp({ type: AsnPropTypes.ObjectIdentifier })
  value: string;

  constructor(value = '') {
    this.value = value;
  }
}

@AsnType({ type: AsnTypeTypes.Set, itemType: Attribute })
class Attributes extends AsnArray<Attribute> {}

/** Answers a signature value with the time-stamp token over it, a DER ContentInfo. */
type TimestampSignature = (signature: Buffer) => Promise<Buffer>;

/**
 * A detached CAdES signature over a content with this SHA-256 digest, as DER. It has no signing-time: in a PDF that
 * is in the signature dictionary, ETSI EN 319 142-1, 6.3.
 */
export async function signDetached(
  digest: Buffer,
  { certificate, privateKey }: SignerCredentials,
  chain: readonly X509Certificate[],
  timestamp?: TimestampSignature,
): Promise<Buffer> {
  const signedAttrs = sorted([
    attribute(oid.contentType, new ObjectIdentifier(oid.data)),
    attribute(oid.messageDigest, new OctetString(digest)),
    attribute(oid.signingCertificateV2, new SigningCertificateV2(sha256(certificate.rawData))),
  ]);
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(new Attributes(signedAttrs))), privateKey);
  const token = await timestamp?.(signature);
  const signed = parsed(certificate);
  const signerInfo = new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber(signed.tbsCertificate) }),
    digestAlgorithm: new DigestAlgorithmIdentifier({ algorithm: oid.sha256 }),
    signedAttrs,
    signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: oid.ecdsaWithSha256 }),
    signature: new OctetString(signature),
    ...(token && {
      unsignedAttrs: [new Attribute({ attrType: oid.timeStampToken, attrValues: [arrayBuffer(token)] })],
    }),
  });
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([new DigestAlgorithmIdentifier({ algorithm: oid.sha256 })]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: oid.data }),
    certificates: new CertificateSet(
      [signed, ...chain.map(parsed)].map((included) => new CertificateChoices({ certificate: included })),
    ),
    signerInfos: new SignerInfos([signerInfo]),
  });
  const content = AsnConvert.serialize(signedData);
  return Buffer.from(AsnConvert.serialize(new ContentInfo({ contentType: oid.signedData, content })));
}

function attribute(attrType: string, value: unknown): Attribute {
  return new Attribute({ attrType, attrValues: [AsnConvert.serialize(value)] });
}

/** What is signed is the DER of a set, whose members are ordered by their bytes, ITU-T X.690, 11.6. */
function sorted(attributes: readonly Attribute[]): Attribute[] {
  return attributes
    .map((member) => ({ member, bytes: Buffer.from(AsnConvert.serialize(member)) }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
    .map(({ member }) => member);
}

function parsed(certificate: X509Certificate): Certificate {
  return AsnConvert.parse(certificate.rawData, Certificate);
}

function sha256(bytes: ArrayBuffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(Buffer.from(bytes)).digest());
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** RFC 5035, section 4, with the hash algorithm left at its default, SHA-256. */
class EssCertIdV2 {
  @AsnProp({ type: OctetString })
  certHash: OctetString;

  constructor(certHash: OctetString = new OctetString()) {
    this.certHash = certHash;
  }
}

@AsnType({ type: AsnTypeTypes.Sequence, itemType: EssCertIdV2 })
class EssCertIdsV2 extends AsnArray<EssCertIdV2> {}

/** The attribute that binds a signature to the certificate it was made with; CAdES requires it. */
class SigningCertificateV2 {
  @AsnProp({ type: EssCertIdsV2 })
  certs: EssCertIdsV2;

  constructor(certificateDigest: Uint8Array<ArrayBuffer> = new Uint8Array()) {
    this.certs = new EssCertIdsV2([new EssCertIdV2(new OctetString(certificateDigest))]);
  }
}
