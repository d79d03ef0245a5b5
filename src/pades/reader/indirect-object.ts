import { broken } from './lexer';
import { parser } from './parser';
import { PdfDictionary, PdfStream, type PdfValue } from './values';

/** An object as it is in the file: its number, its value and where it begins and ends. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue | PdfStream;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `12 0 obj …`, beginning at `offset`; ISO 32000-2, 7.3.10.
 *
 * @returns undefined when no object begins there
 * @throws PdfFault broken-object, too-complex
 */
export function readIndirectObject(bytes: Buffer, offset: number): IndirectObject | undefined {
  const reading = parser(bytes, offset);
  const { lexer } = reading;
  const header = readHeader(reading.lexer);
  if (header === undefined) return undefined;
  lexer.skipWhite();
  const start = lexer.position;
  const value = reading.value();
  const end = lexer.position;
  lexer.skipWhite();
  if (value instanceof PdfDictionary && lexer.take('stream')) {
    lexer.take('\r');
    if (!lexer.take('\n')) throw broken('a stream does not begin on a line of its own');
    return { ...header, value: new PdfStream(value, lexer.position), start, end };
  }
  if (!lexer.take('endobj')) throw broken(`object ${header.number} does not end where it should`);
  return { ...header, value, start, end };
}

/** Whether `12 0 obj` is at `offset`. */
export function beginsAt(bytes: Buffer, offset: number, number: number, generation: number): boolean {
  const header = readHeader(parser(bytes, offset).lexer);
  return header?.number === number && header.generation === generation;
}

function readHeader(lexer: ReturnType<typeof parser>['lexer']): { number: number; generation: number } | undefined {
  lexer.skipWhite();
  const number = lexer.takeInteger();
  lexer.skipWhite();
  const generation = lexer.takeInteger();
  lexer.skipWhite();
  if (number === undefined || generation === undefined || !lexer.take('obj')) return undefined;
  return { number, generation };
}

/**
 * The undecoded data of a stream.
 *
 * @param length the value of /Length, references followed
 * @throws PdfFault broken-object
 */
export function streamData(bytes: Buffer, stream: PdfStream, length: unknown): Buffer {
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) throw broken('a stream has no length');
  const { lexer } = parser(bytes, stream.dataStart + length);
  while (lexer.take('\r') || lexer.take('\n'));
  if (!lexer.take('endstream')) throw broken('a stream is not as long as it says');
  return bytes.subarray(stream.dataStart, stream.dataStart + length);
}
