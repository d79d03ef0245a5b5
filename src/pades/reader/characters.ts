/** ISO 32000-2, 7.2.3: NUL, tab, line feed, form feed, carriage return, space. */
const white = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);

const delimiters = new Set(Buffer.from('()<>[]{}/%'));

enum Kind {
  Regular,
  White,
  Delimiter,
}

const kinds = Uint8Array.from({ length: 256 }, (_, byte) =>
  white.has(byte) ? Kind.White : delimiters.has(byte) ? Kind.Delimiter : Kind.Regular,
);

export function isWhite(byte: number | undefined): boolean {
  return byte !== undefined && kinds[byte] === Kind.White;
}

export function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && kinds[byte] === Kind.Regular;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (isDigit(byte)) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
