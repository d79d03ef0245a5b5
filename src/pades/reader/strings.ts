import { broken, hexValue, isDigit, isWhite, type Lexer } from './lexer';

const backslash = 0x5c;
const opening = 0x28;
const closing = 0x29;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const greaterThan = 0x3e;

const escapes = new Map(
  Object.entries({ n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c }).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
);

/** `(…)`, opening parenthesis at the lexer's position. @throws PdfFault broken-object */
export function readLiteralString(lexer: Lexer): Buffer {
  const end = endOfLiteral(lexer.bytes, lexer.position);
  const body = lexer.bytes.subarray(lexer.position + 1, end);
  lexer.position = end + 1;
  return body.includes(backslash) ? unescape(body) : body;
}

function endOfLiteral(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let index = start; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === backslash) index += 1;
    else if (byte === opening) depth += 1;
    else if (byte === closing && --depth === 0) return index;
  }
  throw broken('a string never ends');
}

/** ISO 32000-2, 7.3.4.2. */
function unescape(body: Buffer): Buffer {
  const out = Buffer.alloc(body.length);
  let length = 0;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] as number;
    if (byte !== backslash) {
      out[length++] = byte;
      continue;
    }
    const escaped = body[++index];
    if (isOctal(escaped)) {
      let value = 0;
      for (let digits = 0; digits < 3 && isOctal(body[index]); digits += 1) {
        value = value * 8 + (body[index++] as number) - 0x30;
      }
      index -= 1;
      out[length++] = value & 0xff;
    } else if (escaped === carriageReturn && body[index + 1] === lineFeed) {
      index += 1;
    } else if (escaped !== undefined && escaped !== lineFeed && escaped !== carriageReturn) {
      out[length++] = escapes.get(escaped) ?? escaped;
    }
  }
  return out.subarray(0, length);
}

function isOctal(byte: number | undefined): boolean {
  return isDigit(byte) && (byte as number) < 0x38;
}

/** `<…>`, opening bracket at the lexer's position. @throws PdfFault broken-object */
export function readHexString(lexer: Lexer): Buffer {
  const end = lexer.bytes.indexOf(greaterThan, lexer.position);
  if (end < 0) throw broken('a string never ends');
  const out = Buffer.alloc((end - lexer.position) >> 1);
  let digits = 0;
  for (let index = lexer.position + 1; index < end; index += 1) {
    const byte = lexer.bytes[index];
    if (isWhite(byte)) continue;
    const value = hexValue(byte);
    if (value < 0) throw broken('a hexadecimal string holds something else');
    const place = digits >> 1;
    out[place] = digits % 2 === 0 ? value << 4 : (out[place] as number) | value;
    digits += 1;
  }
  lexer.position = end + 1;
  return out.subarray(0, (digits + 1) >> 1);
}
