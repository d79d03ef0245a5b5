import { PdfFault } from '../fault';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const slash = 0x2f;
const percent = 0x25;
const numberSign = 0x23;

/** Reads words, numbers and names one after the other; ISO 32000-2, 7.2 and 7.3. */
export class Lexer {
  constructor(
    readonly bytes: Buffer,
    public position = 0,
  ) {}

  /** The byte at the position, or undefined at the end. */
  peek(): number | undefined {
    return this.bytes[this.position];
  }

  /** Goes past white space and comments. */
  skipWhite(): void {
    for (;;) {
      while (isWhite(this.peek())) this.position += 1;
      if (this.peek() !== percent) return;
      while (this.position < this.bytes.length && this.peek() !== lineFeed && this.peek() !== carriageReturn) {
        this.position += 1;
      }
    }
  }

  /** Goes past `text` if it is here; false and no step otherwise. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[this.position + index] !== text.charCodeAt(index)) return false;
    }
    this.position += text.length;
    return true;
  }

  /** Like {@link take}, but `word` must be a whole word. */
  takeWord(word: string): boolean {
    const start = this.position;
    if (this.take(word) && !isRegular(this.peek())) return true;
    this.position = start;
    return false;
  }

  /** A non-negative integer without a sign, or undefined and no step. */
  takeInteger(): number | undefined {
    const start = this.position;
    let value = 0;
    while (isDigit(this.peek())) {
      value = value * 10 + (this.bytes[this.position] as number) - 0x30;
      this.position += 1;
    }
    if (this.position > start && !isRegular(this.peek()) && Number.isSafeInteger(value)) return value;
    this.position = start;
    return undefined;
  }

  /** A number, which may carry a sign and a decimal point. @throws PdfFault broken-object */
  number(): number {
    const word = this.word();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw broken(`“${word.slice(0, 20)}” is not a number`);
    return Number(word);
  }

  /** A name, slash included. @throws PdfFault broken-object */
  name(): string {
    if (this.peek() !== slash) throw broken('a name is missing');
    this.position += 1;
    const start = this.position;
    let escaped = false;
    while (isRegular(this.peek())) {
      escaped ||= this.peek() === numberSign;
      this.position += 1;
    }
    const text = this.bytes.toString('latin1', start, this.position);
    return escaped ? unescapeName(text) : text;
  }

  /** The run of regular characters that begins here. */
  private word(): string {
    const start = this.position;
    while (isRegular(this.peek())) this.position += 1;
    return this.bytes.toString('latin1', start, this.position);
  }
}

export function broken(what: string): PdfFault {
  return new PdfFault('broken-object', `An object of the document is broken: ${what}.`);
}

/** PDF 1.0 and 1.1 knew no escapes, so a `#` that starts none is an ordinary character. */
function unescapeName(text: string): string {
  return text.replace(/#([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

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

function isRegular(byte: number | undefined): boolean {
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
