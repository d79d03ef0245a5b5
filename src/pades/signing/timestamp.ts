import { createHash, randomBytes } from 'node:crypto';
import { SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  MessageImprint,
  PKIStatus,
  TimeStampReq,
  TimeStampReqVersion,
  TimeStampResp,
  TSTInfo,
} from '@peculiar/asn1-tsp';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

/** Sends a DER TimeStampReq to the time-stamping authority and answers its DER TimeStampResp; RFC 3161, 3.4. */
export type FetchTimestamp = (request: Buffer) => Promise<Buffer>;

/** The time-stamping authority could not be used, or its answer is not one to the question. */
export class TimestampError extends Error {
  override readonly name = 'TimestampError';
}

const sha256 = '2.16.840.1.101.3.4.2.1';

/**
 * The time-stamp token over a signature value, a DER ContentInfo. Whether its authority is to be trusted is for those
 * to judge who check the signature.
 *
 * @throws TimestampError
 */
export async function timestampSignature(signature: Buffer, fetchTimestamp: FetchTimestamp): Promise<Buffer> {
  const imprint = createHash('sha256').update(signature).digest();
  const nonce = positiveInteger(randomBytes(8));
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256, parameters: null }),
      hashedMessage: new OctetString(imprint),
    }),
    nonce,
    certReq: true,
  });
  const answer = await fetchTimestamp(Buffer.from(AsnConvert.serialize(request))).catch((cause: unknown) => {
    throw new TimestampError('The time-stamping authority could not be asked.', { cause });
  });
  return tokenOf(answer, imprint, Buffer.from(nonce));
}

function tokenOf(answer: Buffer, imprint: Buffer, nonce: Buffer): Buffer {
  const { status, timeStampToken } = parse(answer, TimeStampResp);
  const granted = status.status === PKIStatus.granted || status.status === PKIStatus.grantedWithMods;
  if (!granted || timeStampToken === undefined) {
    throw new TimestampError(`The time-stamping authority refused with status ${status.status}.`);
  }
  const { eContent } = parse(timeStampToken.content, SignedData).encapContentInfo;
  const info = parse(eContent?.single?.buffer ?? new ArrayBuffer(0), TSTInfo);
  const same =
    imprint.equals(Buffer.from(info.messageImprint.hashedMessage.buffer)) &&
    nonce.equals(Buffer.from(info.nonce ?? new ArrayBuffer(0)));
  if (!same) throw new TimestampError('The time-stamp is for something else.');
  return Buffer.from(AsnConvert.serialize(timeStampToken));
}

function parse<T>(bytes: Buffer | ArrayBuffer, type: new () => T): T {
  try {
    return AsnConvert.parse(bytes, type);
  } catch (cause) {
    throw new TimestampError('The answer of the time-stamping authority cannot be read.', { cause });
  }
}

/** The shortest DER contents of a positive integer: the first byte neither zero nor with its highest bit set. */
function positiveInteger(bytes: Buffer): ArrayBuffer {
  const copy = Uint8Array.from(bytes);
  copy[0] = ((copy[0] ?? 0) & 0x7f) | 0x40;
  return copy.buffer;
}
