import { writeDictionary, type Source } from './syntax';
import { writeDate, writeText } from './text';

/** Room for the CMS: some 2 kB of our own, and a time-stamp with its certificates. */
export const contentsBytes = 16_384;

const unknownRange = `[0${' '.repeat(40)}]`;
const hole = `<${'0'.repeat(2 * contentsBytes)}>`;

/** The value of a signature field, ISO 32000-2, 12.8.1 and ETSI EN 319 142-1, with room for what is not known yet. */
export function writeSignature(name: string, signedAt: Date): Source {
  return writeDictionary({
    Type: '/Sig',
    Filter: '/Adobe.PPKLite',
    SubFilter: '/ETSI.CAdES.detached',
    ByteRange: unknownRange,
    Contents: hole,
    M: writeDate(signedAt),
    Name: writeText(name),
  });
}

/** The part of the document that the signature leaves out, `<` and `>` included. */
export interface Hole {
  readonly start: number;
  readonly end: number;
}

/** Writes into `bytes` what the signature covers; `signature`, as {@link writeSignature} wrote it, is at `offset`. */
export function fillByteRange(bytes: Buffer, signature: Source, offset: number): Hole {
  const start = offset + signature.indexOf(hole);
  const end = start + hole.length;
  const range = `[0 ${start} ${end} ${bytes.length - end}`;
  bytes.write(`${range.padEnd(unknownRange.length - 1)}]`, offset + signature.indexOf(unknownRange), 'latin1');
  return { start, end };
}
