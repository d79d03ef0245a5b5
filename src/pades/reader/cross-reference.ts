import { PdfFault } from '../fault';
import { type Budget, limits, tooComplex } from './budget';
import { decode } from './flate';
import { readIndirectObject, streamData } from './indirect-object';
import type { Lexer } from './lexer';
import { parser, Parser } from './parser';
import { isName, PdfArray, type PdfDictionary, PdfStream, type PdfValue } from './values';

export interface CrossReference {
  /** Newest first. */
  readonly sections: readonly [Section, ...Section[]];
  /** By object number; where sections disagree, the newest one's word. */
  readonly entries: ReadonlyMap<number, Entry>;
}

/**
 * Reads the section at `offset` and all that its /Prev lead to.
 *
 * @throws PdfFault broken-cross-reference, broken-object, too-complex
 */
export function readCrossReference(bytes: Buffer, offset: number, budget: Budget): CrossReference {
  const entries = new Map<number, Entry>();
  const sink: EntrySink = (number, entry) => {
    if (!entries.has(number)) entries.set(number, entry);
    if (entries.size > limits.objects || number > limits.objectNumber) throw tooComplex('it has too many objects');
  };
  const newest = readSection(bytes, offset, sink, budget);
  const sections: [Section, ...Section[]] = [newest];
  const visited = new Set([offset]);
  for (let previous = newest.trailer.get('Prev'); previous !== null;) {
    if (typeof previous !== 'number') throw brokenCrossReference('a /Prev is no number');
    if (visited.has(previous)) throw brokenCrossReference('its /Prev lead in a circle');
    if (visited.size >= limits.sections) throw tooComplex('it has been updated too often');
    visited.add(previous);
    const section = readSection(bytes, previous, sink, budget);
    sections.push(section);
    previous = section.trailer.get('Prev');
  }
  return { sections, entries };
}

function readSection(bytes: Buffer, offset: number, sink: EntrySink, budget: Budget): Section {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset >= bytes.length) {
    throw brokenCrossReference('a section lies outside of the file');
  }
  const { lexer } = parser(bytes, offset);
  lexer.skipWhite();
  if (lexer.takeWord('xref')) {
    const trailer = readTable(lexer, sink);
    budget.spendParsing(lexer.position - offset);
    return { kind: 'table', offset, trailer };
  }
  const object = readIndirectObject(bytes, offset);
  if (!(object?.value instanceof PdfStream) || !isName(object.value.dictionary.get('Type'), 'XRef')) {
    throw brokenCrossReference('there is no section where one should be');
  }
  const { dictionary } = object.value;
  const data = streamData(bytes, object.value, dictionary.get('Length'));
  budget.spendParsing(data.length);
  const entries = decode(data, dictionary.get('Filter'), dictionary.get('DecodeParms'), budget);
  readStreamEntries(dictionary, entries, sink);
  return { kind: 'stream', offset, trailer: dictionary };
}

/** Where an object is, by one line of a cross-reference section. */
export type Entry =
  | { readonly kind: 'free' }
  | { readonly kind: 'plain'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

const free: Entry = { kind: 'free' };

/** One cross-reference section with its trailer; each update of a document adds one. */
export interface Section {
  readonly kind: 'table' | 'stream';
  readonly offset: number;
  readonly trailer: PdfDictionary;
}

/** Takes a section's entries one by one, so that they are held only once. */
type EntrySink = (objectNumber: number, entry: Entry) => void;

export function brokenCrossReference(what: string): PdfFault {
  return new PdfFault('broken-cross-reference', `The cross-reference of the document is broken: ${what}.`);
}

/**
 * Reads the table whose `xref` the lexer has just gone past, and its trailer; ISO 32000-2, 7.5.4 and 7.5.5.
 *
 * @throws PdfFault broken-cross-reference, broken-object, too-complex
 */
function readTable(lexer: Lexer, sink: EntrySink): PdfDictionary {
  for (;;) {
    lexer.skipWhite();
    if (lexer.takeWord('trailer')) return new Parser(lexer).dictionary();
    const first = integer(lexer);
    const count = integer(lexer);
    for (let number = first; number < first + count; number += 1) sink(number, readEntry(lexer));
  }
}

function readEntry(lexer: Lexer): Entry {
  const offset = integer(lexer);
  const generation = integer(lexer);
  lexer.skipWhite();
  if (lexer.takeWord('f')) return free;
  // Nothing can be before the header, so programs that write an offset of 0 mean an object that is not there.
  if (lexer.takeWord('n')) return offset === 0 ? free : { kind: 'plain', offset, generation };
  throw brokenCrossReference('an entry of a table is neither free nor in use');
}

function integer(lexer: Lexer): number {
  lexer.skipWhite();
  const value = lexer.takeInteger();
  if (value === undefined) throw brokenCrossReference('a table holds something that is no number');
  return value;
}

/**
 * Reads the decoded data of a cross-reference stream; ISO 32000-2, 7.5.8.
 *
 * @throws PdfFault broken-cross-reference
 */
function readStreamEntries(dictionary: PdfDictionary, data: Buffer, sink: EntrySink): void {
  const widths = integers(dictionary.get('W'));
  if (widths.length !== 3 || widths.some((width) => width > 8)) throw brokenCrossReference('a stream has a bad /W');
  const [typeWidth, secondWidth, thirdWidth] = widths as [number, number, number];
  const width = typeWidth + secondWidth + thirdWidth;
  const sections = integers(dictionary.get('Index') ?? new PdfArray([0, dictionary.get('Size')]));
  let at = 0;
  for (let section = 0; section < sections.length; section += 2) {
    const first = sections[section] as number;
    const count = sections[section + 1] ?? 0;
    if (width === 0 || at + count * width > data.length) throw brokenCrossReference('a stream is too short');
    for (let number = first; number < first + count; number += 1, at += width) {
      const type = typeWidth === 0 ? 1 : unsigned(data, at, typeWidth);
      const second = unsigned(data, at + typeWidth, secondWidth);
      sink(number, entry(type, second, unsigned(data, at + typeWidth + secondWidth, thirdWidth)));
    }
  }
}

/** Types that are not known yet denote objects that are not there. */
function entry(type: number, second: number, third: number): Entry {
  if (type === 1 && second > 0) return { kind: 'plain', offset: second, generation: third };
  if (type === 2) return { kind: 'compressed', stream: second, index: third };
  return free;
}

function unsigned(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let index = at; index < at + width; index += 1) value = value * 256 + (data[index] as number);
  return value;
}

function integers(value: PdfValue): number[] {
  if (!(value instanceof PdfArray)) throw brokenCrossReference('a stream lacks /W or /Index');
  return value.items.map((item) => {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) {
      throw brokenCrossReference('a stream has a bad /W, /Index or /Size');
    }
    return item;
  });
}
