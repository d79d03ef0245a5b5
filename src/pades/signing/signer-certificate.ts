import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import type { Signer } from '../signable';
import { type Authority, distinguishedName } from './authority';

/** A certificate and the key that only one signature is made with. */
export interface SignerCredentials {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
}

const minutesMs = 60_000;
/** Other clocks may be a little behind. */
const backdatedMs = 5 * minutesMs;
const lifetimeMs = 24 * 60 * minutesMs;

/**
 * Issues a certificate for one signer and one signature. It names no extended key usage: validators that know none for
 * documents complain about those that exist.
 */
export async function issueSignerCertificate(
  { certificate: issuer, signingKey, signingAlgorithm }: Authority,
  signer: Signer,
  signedAt: Date,
): Promise<SignerCredentials> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
  const certificate = await X509CertificateGenerator.create({
    subject: distinguishedName(signer.name, signer.partialId),
    issuer: issuer.subjectName,
    publicKey,
    signingKey,
    signingAlgorithm,
    notBefore: new Date(signedAt.getTime() - backdatedMs),
    notAfter: new Date(Math.min(signedAt.getTime() + lifetimeMs, issuer.notAfter.getTime())),
    extensions: [
      new BasicConstraintsExtension(false),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await authorityKeyIdentifier(issuer),
    ],
  });
  return { certificate, privateKey: keys.privateKey };
}

/** What the issuer calls its key; an authority from elsewhere may have named it in its own way. */
async function authorityKeyIdentifier(issuer: X509Certificate): Promise<AuthorityKeyIdentifierExtension> {
  const named = issuer.getExtension(SubjectKeyIdentifierExtension);
  if (named !== null) return new AuthorityKeyIdentifierExtension(named.keyId);
  return AuthorityKeyIdentifierExtension.create(issuer.publicKey);
}
