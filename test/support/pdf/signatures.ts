/** A signature as it is in a document. */
export interface FoundSignature {
  /** The DER of its CMS. */
  readonly cms: Buffer;
  /** The bytes it covers. */
  readonly content: Buffer;
}

/** All signatures of a document, in the order of the file. */
export function signaturesOf(bytes: Buffer): FoundSignature[] {
  const ranges = bytes.toString('latin1').matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g);
  return [...ranges].map((match) => {
    const [start, length, next, rest] = match.slice(1).map(Number) as [number, number, number, number];
    const hex = bytes.toString('latin1', start + length + 1, next - 1);
    const padded = Buffer.from(hex, 'hex');
    const content = Buffer.concat([bytes.subarray(start, start + length), bytes.subarray(next, next + rest)]);
    return { cms: padded.subarray(0, 4 + padded.readUInt16BE(2)), content };
  });
}
