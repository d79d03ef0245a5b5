import { createHash } from 'node:crypto';
import type { SignLocation } from './pages/placement';
import { readSignable, type Signer } from './signable';
import { Boxes } from './writer/boxes';
import { IncrementalUpdate } from './writer/incremental-update';
import { addToForm, fillByteRange, freeFieldName, type Hole, writeSignature } from './writer/signature';

/** A document with everything of a signature in it but the CMS. */
export interface Prepared {
  readonly bytes: Uint8Array;
  /** Where the CMS goes, as hexadecimal digits between `<` and `>`. */
  readonly hole: Hole;
  /** SHA-256 of all bytes but the hole. */
  readonly digest: Uint8Array;
}

/**
 * Adds one signature, with a box at each location, as one incremental update.
 *
 * @param locations at least one; the signature field is at the first
 * @throws PdfFault @throws PdfLocationFault
 */
export function prepare(bytes: Buffer, locations: readonly SignLocation[], signer: Signer, signedAt: Date): Prepared {
  const signable = readSignable(bytes, locations);
  const [first, ...others] = signable.placements;
  if (first === undefined) throw new RangeError('A signature needs a location.');
  const update = new IncrementalUpdate(signable.document);
  const boxes = new Boxes(update, signer, signedAt);
  const signature = writeSignature(signer.name, signedAt);
  const value = update.add(signature);
  addToForm(update, signable, boxes.addField(first, freeFieldName(signable.form?.names ?? new Set()), value));
  for (const placement of signable.stampsFirst ? [first, ...others] : others) boxes.addStamp(placement);
  boxes.attach(signable.document);
  const written = update.write();
  const hole = fillByteRange(written.bytes, signature, written.offsetOf(value));
  return { bytes: written.bytes, hole, digest: digestAround(written.bytes, hole) };
}

function digestAround(bytes: Buffer, { start, end }: Hole): Buffer {
  return createHash('sha256').update(bytes.subarray(0, start)).update(bytes.subarray(end)).digest();
}
