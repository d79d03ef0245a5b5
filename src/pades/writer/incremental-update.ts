import { createHash } from 'node:crypto';
import type { PdfDocument } from '../reader/document';
import { PdfArray, type PdfDictionary, PdfReference, PdfString } from '../reader/values';
import { append, type Source, writeDictionary, writeReference, writeStream } from './syntax';

interface Replacement {
  readonly reference: PdfReference;
  readonly body: Source;
}

/** New and changed objects, to be written behind a document of which not a byte changes; ISO 32000-2, 7.5.6. */
export class IncrementalUpdate {
  private readonly objects = new Map<number, Replacement>();
  private nextNumber: number;

  constructor(private readonly document: PdfDocument) {
    this.nextNumber = document.nextObjectNumber();
  }

  add(body: Source): PdfReference {
    const reference = new PdfReference(this.nextNumber++, 0);
    this.replace(reference, body);
    return reference;
  }

  replace(reference: PdfReference, body: Source): void {
    this.objects.set(reference.number, { reference, body });
  }

  /**
   * Puts more items into the array under `key`. An array that is an object of its own is replaced; if that has been
   * done already, another dictionary uses it too, and this one gets a list of its own.
   *
   * @returns the value that `key` must have from now on, undefined if what it has stays right
   */
  appendTo(dictionary: PdfDictionary, key: string, items: readonly PdfReference[]): Source | undefined {
    const value = dictionary.get(key);
    const written = items.map(writeReference).join(' ');
    if (value instanceof PdfArray) return append(dictionary.source(key) ?? '[]', written);
    if (!(value instanceof PdfReference) || this.document.array(value) === undefined) return `[${written}]`;
    const longer = append(this.document.load(value).source.toString('latin1'), written);
    if (this.objects.has(value.number)) return longer;
    this.replace(value, longer);
    return undefined;
  }

  /** The whole document; `offsetOf` answers where an object's body begins in it. */
  write(): { bytes: Buffer; offsetOf: (reference: PdfReference) => number } {
    const { bytes } = this.document;
    const chunks = ['\n'];
    let length = bytes.length + 1;
    const written: WrittenObject[] = [];
    const bodies = new Map<number, number>();
    const writeObject = ({ reference: { number, generation }, body }: Replacement) => {
      const header = `${number} ${generation} obj\n`;
      const text = `${header}${body}\nendobj\n`;
      written.push({ number, generation, offset: length });
      bodies.set(number, length + header.length);
      chunks.push(text);
      length += text.length;
    };
    const objects = [...this.objects.values()].sort((one, other) => one.reference.number - other.reference.number);
    objects.forEach(writeObject);
    const start = length;
    if (this.document.sections[0].kind === 'table') {
      chunks.push(writeTable(written, this.trailer(chunks, this.nextNumber)));
    } else {
      const reference = new PdfReference(this.nextNumber, 0);
      const itself = { number: reference.number, generation: 0, offset: start };
      const trailer = this.trailer(chunks, reference.number + 1);
      writeObject({ reference, body: writeCrossReferenceStream([...written, itself], trailer) });
    }
    chunks.push(`startxref\n${start}\n%%EOF\n`);
    return {
      bytes: Buffer.concat([bytes, Buffer.from(chunks.join(''), 'latin1')]),
      offsetOf: (reference) => bodies.get(reference.number) ?? -1,
    };
  }

  /** Entries of older trailers that are not named here belong to what wrote them, such as /XRefStm. */
  private trailer(chunks: readonly Source[], size: number): Record<string, Source> {
    const { trailer, sections } = this.document;
    const info = trailer.source('Info');
    const first = this.firstIdentifier(trailer);
    const second = createHash('sha256').update(chunks.join(''), 'latin1').digest('hex').slice(0, 32);
    return {
      Size: String(size),
      Root: trailer.source('Root') ?? 'null',
      ...(info !== undefined && { Info: info }),
      ...(first !== undefined && { ID: `[<${first.bytes.toString('hex')}> <${second}>]` }),
      Prev: String(sections[0].offset),
    };
  }

  private firstIdentifier(trailer: PdfDictionary): PdfString | undefined {
    const first = this.document.array(trailer.get('ID'))?.items[0];
    return first instanceof PdfString ? first : undefined;
  }
}

/** Where an object of the update is. */
interface WrittenObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** ISO 32000-2, 7.5.4: entries of 20 bytes, in runs of consecutive numbers. */
function writeTable(objects: readonly WrittenObject[], trailer: Readonly<Record<string, Source>>): Source {
  const runs = runsOf(objects).map((run) => {
    const entries = run.map(({ offset, generation }) => `${padded(offset, 10)} ${padded(generation, 5)} n \n`);
    return `${run[0]?.number} ${run.length}\n${entries.join('')}`;
  });
  return `xref\n${runs.join('')}trailer\n${writeDictionary(trailer)}\n`;
}

/** ISO 32000-2, 7.5.8: the body of a stream that is itself one of `objects`. */
function writeCrossReferenceStream(
  objects: readonly WrittenObject[],
  trailer: Readonly<Record<string, Source>>,
): Source {
  const index = runsOf(objects).map((run) => `${run[0]?.number} ${run.length}`);
  const rows = objects.map(({ offset, generation }) => {
    const row = Buffer.alloc(7);
    row.writeUInt8(1);
    row.writeUInt32BE(offset, 1);
    row.writeUInt16BE(generation, 5);
    return row;
  });
  return writeStream(
    { Type: '/XRef', W: '[1 4 2]', Index: `[${index.join(' ')}]`, ...trailer },
    Buffer.concat(rows).toString('latin1'),
  );
}

/** `objects` come in ascending order. */
function runsOf(objects: readonly WrittenObject[]): WrittenObject[][] {
  const runs: WrittenObject[][] = [];
  for (const object of objects) {
    const run = runs.at(-1);
    if (run?.at(-1)?.number === object.number - 1) run.push(object);
    else runs.push([object]);
  }
  return runs;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
