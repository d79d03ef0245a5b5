import 'reflect-metadata';
import {
  createPrivateKey,
  generateKeyPairSync,
  KeyObject,
  X509Certificate as NodeCertificate,
  webcrypto,
} from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Signer } from '../signable';

/** How a certificate authority is kept: as PEM, the certificate followed by those that lead to its root, if any. */
export interface AuthorityPem {
  readonly privateKey: string;
  readonly certificate: string;
}

/** Issues the certificates of signers. */
export interface Authority {
  readonly certificate: X509Certificate;
  /** What is put into each signature beside the signer's certificate: the authority's own first. */
  readonly chain: readonly X509Certificate[];
  readonly signingKey: webcrypto.CryptoKey;
  readonly signingAlgorithm: webcrypto.EcdsaParams;
}

/** The PEM of a certificate authority cannot be used; `message` says why. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
}

/** The curves an authority may use, each with the hash that matches it. */
const curves: Readonly<Record<string, { curve: string; hash: string }>> = {
  prime256v1: { curve: 'P-256', hash: 'SHA-256' },
  secp384r1: { curve: 'P-384', hash: 'SHA-384' },
};

/**
 * Reads an authority from PEM and checks that it can issue certificates now.
 *
 * @throws AuthorityError
 */
export async function loadAuthority(pem: AuthorityPem, now: Date): Promise<Authority> {
  const key = readPrivateKey(pem.privateKey);
  const chain = readCertificates(pem.certificate);
  const [certificate] = chain;
  requireIssuer(certificate, key, now);
  const { curve, hash } = curveOf(key);
  const algorithm = { name: 'ECDSA', namedCurve: curve };
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return { certificate, chain, signingKey, signingAlgorithm: { name: 'ECDSA', hash } };
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const encrypted = pem.includes('ENCRYPTED');
    throw new AuthorityError(
      encrypted ? 'The private key is encrypted; give it without a passphrase.' : 'The private key is no PEM of a key.',
      { cause },
    );
  }
}

function readCertificates(pem: string): readonly [X509Certificate, ...X509Certificate[]] {
  try {
    const [first, ...others] = PemConverter.decode(pem).map((der) => new X509Certificate(der));
    if (first !== undefined) return [first, ...others];
  } catch (cause) {
    throw new AuthorityError('The certificate cannot be read.', { cause });
  }
  throw new AuthorityError('The certificate is no PEM of a certificate.');
}

function requireIssuer(certificate: X509Certificate, key: KeyObject, now: Date): void {
  const parsed = new NodeCertificate(Buffer.from(certificate.rawData));
  if (!parsed.checkPrivateKey(key)) throw new AuthorityError('The private key is not the one of the certificate.');
  const usage = certificate.getExtension(KeyUsagesExtension)?.usages ?? KeyUsageFlags.keyCertSign;
  if ((usage & KeyUsageFlags.keyCertSign) === 0) {
    throw new AuthorityError('The certificate may not sign certificates (keyUsage lacks keyCertSign).');
  }
  if (!parsed.ca) throw new AuthorityError('The certificate is not one of a certificate authority (basicConstraints).');
  if (now < certificate.notBefore || now >= certificate.notAfter) {
    const [from, until] = [certificate.notBefore, certificate.notAfter].map((date) => date.toISOString());
    throw new AuthorityError(`The certificate is valid from ${from} to ${until} only.`);
  }
}

function curveOf(key: KeyObject): { curve: string; hash: string } {
  const known = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (known === undefined) throw new AuthorityError('The private key must be an elliptic curve key on P-256 or P-384.');
  return known;
}

const lifetimeYears = 10;

/** Makes a certificate authority of its own kind: a P-384 key and a certificate that it has signed itself. */
export async function createAuthority(name: string, now: Date): Promise<AuthorityPem> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + lifetimeYears);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: distinguishedName(name),
    keys,
    notBefore: now,
    notAfter,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-384' },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const privateKey = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { privateKey: privateKey.toString(), certificate: certificate.toString('pem') };
}

/** ITU-T X.520 allows a common name 64 characters. */
const commonNameCharacters = 64;

const serialNumber = '2.5.4.5';

/** Values go in as objects: the library reads a plain string as the syntax of names, in which a `+` or `"` has a meaning. */
function distinguishedName(commonName: string, partialId?: string): Name {
  const cut = Array.from(commonName).slice(0, commonNameCharacters).join('');
  const name = [{ CN: [{ utf8String: cut }] }];
  return new Name(partialId === undefined ? name : [...name, { [serialNumber]: [{ utf8String: partialId }] }]);
}

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
