import type { Budget } from './budget';
import { brokenCrossReference, type Entry, type Section } from './cross-reference';
import { decode } from './flate';
import { readIndirectObject, streamData } from './indirect-object';
import { broken, Lexer } from './lexer';
import { parser } from './parser';
import { PdfArray, PdfDictionary, PdfReference, PdfStream, type PdfValue } from './values';

/** An object with the bytes its value was written in. */
interface LoadedObject {
  readonly value: PdfValue | PdfStream;
  readonly source: Buffer;
}

const absent: LoadedObject = { value: null, source: Buffer.from('null') };

/** A document whose cross-reference has been read; its objects are read when they are asked for. */
export class PdfDocument {
  private readonly objectStreams = new Map<number, ObjectStream>();
  private readonly opening = new Set<number>();

  constructor(
    readonly bytes: Buffer,
    /** Newest first. */
    readonly sections: readonly [Section, ...Section[]],
    private readonly entries: ReadonlyMap<number, Entry>,
    private readonly budget: Budget,
  ) {}

  get trailer(): PdfDictionary {
    return this.sections[0].trailer;
  }

  /** One more than the highest object number that is, or was, in use. */
  nextObjectNumber(): number {
    let highest = 0;
    for (const number of this.entries.keys()) highest = Math.max(highest, number);
    return highest + 1;
  }

  /** The object itself; null where there is none. @throws PdfFault broken-*, too-complex */
  load(reference: PdfReference): LoadedObject {
    const entry = this.entries.get(reference.number);
    if (entry?.kind === 'plain' && entry.generation === reference.generation) return this.loadPlain(entry.offset);
    if (entry?.kind === 'compressed' && reference.generation === 0) return this.loadCompressed(reference.number, entry);
    return absent;
  }

  /** The value, or the one a reference leads to. @throws PdfFault broken-*, too-complex */
  resolve(value: PdfValue): PdfValue | PdfStream {
    if (!(value instanceof PdfReference)) return value;
    const resolved = this.load(value).value;
    if (resolved instanceof PdfReference) throw broken('a reference leads to a reference');
    return resolved;
  }

  /** The dictionary under `value`, or undefined if it is something else. */
  dictionary(value: PdfValue): PdfDictionary | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfDictionary ? resolved : undefined;
  }

  /** The array under `value`, or undefined if it is something else. */
  array(value: PdfValue): PdfArray | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfArray ? resolved : undefined;
  }

  private loadPlain(offset: number): LoadedObject {
    const object = readIndirectObject(this.bytes, offset);
    if (object === undefined) throw brokenCrossReference('there is no object where one should be');
    this.budget.spendParsing(object.end - offset);
    return { value: object.value, source: this.bytes.subarray(object.start, object.end) };
  }

  private loadCompressed(number: number, entry: Entry & { kind: 'compressed' }): LoadedObject {
    const stream = this.objectStream(entry.stream);
    const offset = stream.offsetOf(number, entry.index);
    const reading = parser(stream.bytes, offset);
    const value = reading.value();
    this.budget.spendParsing(reading.lexer.position - offset);
    return { value, source: stream.bytes.subarray(offset, reading.lexer.position) };
  }

  private objectStream(number: number): ObjectStream {
    const known = this.objectStreams.get(number);
    if (known !== undefined) return known;
    if (this.opening.has(number)) throw brokenCrossReference('an object stream is needed to read itself');
    this.opening.add(number);
    const opened = this.openObjectStream(number);
    this.opening.delete(number);
    this.objectStreams.set(number, opened);
    return opened;
  }

  private openObjectStream(number: number): ObjectStream {
    const entry = this.entries.get(number);
    const stream = entry?.kind === 'plain' ? this.loadPlain(entry.offset).value : null;
    if (!(stream instanceof PdfStream)) throw brokenCrossReference('an object stream is missing');
    const { dictionary } = stream;
    const [length, filter, parameters] = ['Length', 'Filter', 'DecodeParms'].map((key) =>
      this.resolve(dictionary.get(key)),
    );
    const data = streamData(this.bytes, stream, length);
    return ObjectStream.read(dictionary, decode(data, filter, parameters, this.budget));
  }
}

/** Objects packed into one stream; ISO 32000-2, 7.5.7. */
class ObjectStream {
  private constructor(
    readonly bytes: Buffer,
    private readonly numbers: readonly number[],
    private readonly offsets: readonly number[],
  ) {}

  /** @throws PdfFault broken-cross-reference */
  static read(dictionary: PdfDictionary, bytes: Buffer): ObjectStream {
    const count = dictionary.get('N');
    const first = dictionary.get('First');
    if (typeof count !== 'number' || typeof first !== 'number') throw brokenCrossReference('an object stream lacks /N');
    const lexer = new Lexer(bytes);
    const numbers: number[] = [];
    const offsets: number[] = [];
    for (let index = 0; index < count; index += 1) {
      numbers.push(integer(lexer));
      offsets.push(first + integer(lexer));
    }
    return new ObjectStream(bytes, numbers, offsets);
  }

  /**
   * Where object `number` begins in {@link bytes}.
   *
   * @throws PdfFault broken-cross-reference when it is not the one at `index`
   */
  offsetOf(number: number, index: number): number {
    const offset = this.offsets[index];
    if (this.numbers[index] !== number || offset === undefined || offset >= this.bytes.length) {
      throw brokenCrossReference(`object ${number} is not in the object stream it should be in`);
    }
    return offset;
  }
}

function integer(lexer: Lexer): number {
  lexer.skipWhite();
  const value = lexer.takeInteger();
  if (value === undefined) throw brokenCrossReference('an object stream begins with something that is no number');
  return value;
}
