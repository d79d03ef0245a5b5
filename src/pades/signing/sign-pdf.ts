import type { SignLocation } from '../pages/placement';
import { preparePdf } from '../worker/pool';
import type { Prepared } from '../preparation';
import type { Signer } from '../signable';
import { signDetached } from './cms';
import { type Authority, issueSignerCertificate } from './authority';
import { timestampSignature, type FetchTimestamp } from './timestamp';

export interface SignPdfRequest {
  readonly bytes: Buffer;
  /** Whose document it is; owners are served in turn. */
  readonly owner: string;
  /** At least one. */
  readonly locations: readonly SignLocation[];
  readonly signer: Signer;
  readonly signedAt: Date;
  readonly authority: Authority;
  /** Left out, the signature carries no time-stamp. */
  readonly timestamp?: FetchTimestamp;
}

/**
 * Signs a document: a PAdES signature (ETSI EN 319 142-1, B-B, or B-T with a time-stamp) with a visible box at each
 * location, as one incremental update. The document's own bytes, and so its earlier signatures, stay as they are.
 *
 * @throws PdfFault when the document cannot be read or may not be signed
 * @throws PdfLocationFault when a box cannot be where it should
 * @throws TimestampError when a time-stamp was asked for and could not be had
 * @throws PdfBusy when too many documents are waiting, or there was no time to finish this one
 */
export async function signPdf(request: SignPdfRequest): Promise<Buffer> {
  const { authority, signer, signedAt, timestamp } = request;
  const prepared = await preparePdf(request.bytes, request.locations, signer, signedAt, request.owner);
  const credentials = await issueSignerCertificate(authority, signer, signedAt);
  const cms = await signDetached(
    Buffer.from(prepared.digest),
    credentials,
    authority.chain,
    timestamp && ((signature) => timestampSignature(signature, timestamp)),
  );
  return embed(prepared, cms);
}

function embed({ bytes, hole }: Prepared, cms: Buffer): Buffer {
  const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const digits = cms.toString('hex');
  if (digits.length > hole.end - hole.start - 2) throw new RangeError('The signature is larger than the room for it.');
  document.write(digits, hole.start + 1, 'latin1');
  return document;
}
