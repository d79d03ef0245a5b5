import { limits, tooComplex, type Budget } from './budget';
import { readStreamEntries } from './cross-reference-stream';
import { readTable } from './cross-reference-table';
import { decode } from './flate';
import { readIndirectObject, streamData } from './indirect-object';
import { parser } from './parser';
import { brokenCrossReference, type Entry, type EntrySink, type Section } from './section';
import { isName, PdfStream } from './values';

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
    throw brokenCrossReference('no section stands where one should');
  }
  const { dictionary } = object.value;
  const data = streamData(bytes, object.value, dictionary.get('Length'));
  budget.spendParsing(data.length);
  const entries = decode(data, dictionary.get('Filter'), dictionary.get('DecodeParms'), budget);
  readStreamEntries(dictionary, entries, sink);
  return { kind: 'stream', offset, trailer: dictionary };
}
