import { AsnArray, AsnProp, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema';

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
export class SigningCertificateV2 {
  @AsnProp({ type: EssCertIdsV2 })
  certs: EssCertIdsV2;

  constructor(certificateDigest: Uint8Array<ArrayBuffer> = new Uint8Array()) {
    this.certs = new EssCertIdsV2([new EssCertIdV2(new OctetString(certificateDigest))]);
  }
}
