import { deflateSync } from 'node:zlib';

/** The bodies of indirect objects by number, in Latin-1; a stream's body comes from {@link stream}. */
export type Objects = Record<number, string>;

/** How the cross-reference is written; with `object-streams`, all that may be is packed into one. */
export type Format = 'table' | 'stream' | 'object-streams';

export interface WriteOptions {
  readonly format?: Format;
  /** More entries for the trailer. */
  readonly trailer?: string;
}

export const formats: readonly Format[] = ['table', 'stream', 'object-streams'];

export function stream(entries: string, data: string | Buffer): string {
  const text = typeof data === 'string' ? data : data.toString('latin1');
  return `<< ${entries} /Length ${text.length} >>\nstream\n${text}\nendstream`;
}

export function flateStream(entries: string, data: string | Buffer): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return stream(`${entries} /Filter /FlateDecode`, deflateSync(bytes));
}

/** A whole file; object 1 is its catalog. */
export function writePdf(objects: Objects, options: WriteOptions = {}): Buffer {
  return writeSection('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', objects, options, '');
}

/** The file with one more incremental update. */
export function updatePdf(bytes: Buffer, objects: Objects, options: WriteOptions = {}): Buffer {
  const text = bytes.toString('latin1');
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1];
  if (previous === undefined) throw new Error('The file to update does not end with startxref.');
  return writeSection(text, objects, options, `/Prev ${previous}`);
}

type Place = { readonly offset: number } | { readonly stream: number; readonly index: number };

function writeSection(before: string, objects: Objects, options: WriteOptions, previous: string): Buffer {
  const { format = 'table', trailer = '' } = options;
  const chunks = [before];
  let length = before.length;
  const places = new Map<number, Place>();
  const write = (text: string) => {
    chunks.push(text);
    length += text.length;
  };
  const writeObject = (number: number, body: string) => {
    places.set(number, { offset: length });
    write(`${number} 0 obj\n${body}\nendobj\n`);
  };

  const numbers = Object.keys(objects).map(Number);
  const known = [...before.slice(-1_000).matchAll(/\/Size (\d+)/g)].map(([, size]) => Number(size) - 1);
  let next = [2, ...known].concat(numbers).reduce((highest, number) => Math.max(highest, number)) + 1;
  const isPacked = (number: number) => format === 'object-streams' && !objects[number]!.includes('stream\n');
  for (const number of numbers) if (!isPacked(number)) writeObject(number, objects[number]!);

  const packed = numbers.filter(isPacked);
  if (packed.length > 0) {
    const container = next++;
    packed.forEach((number, index) => places.set(number, { stream: container, index }));
    writeObject(container, packObjects(packed.map((number) => [number, objects[number]!])));
  }

  const start = length;
  const entries = `/Root 1 0 R ${previous} ${trailer}`;
  if (format === 'table') write(`${table(places, next, previous === '')}trailer\n<< /Size ${next} ${entries} >>\n`);
  else {
    places.set(next, { offset: start });
    write(`${next} 0 obj\n${crossReferenceStream(places, next + 1, entries)}\nendobj\n`);
  }
  write(`startxref\n${start}\n%%EOF\n`);
  return Buffer.from(chunks.join(''), 'latin1');
}

function packObjects(objects: readonly [number, string][]): string {
  let offset = 0;
  const header = objects.map(([number, body]) => {
    const pair = `${number} ${offset}`;
    offset += body.length + 1;
    return pair;
  });
  const head = `${header.join(' ')}\n`;
  const bodies = objects.map(([, body]) => body).join('\n');
  return flateStream(`/Type /ObjStm /N ${objects.length} /First ${head.length}`, head + bodies);
}

/** A first section lists every number up to the highest; an update lists what it brings. */
function table(places: ReadonlyMap<number, Place>, size: number, isFirst: boolean): string {
  const line = (number: number) => {
    const place = places.get(number) as { offset: number } | undefined;
    return place ? `${String(place.offset).padStart(10, '0')} 00000 n \n` : '0000000000 65535 f \n';
  };
  if (isFirst) return `xref\n0 ${size}\n${Array.from({ length: size }, (_, number) => line(number)).join('')}`;
  return `xref\n${[...places.keys()].map((number) => `${number} 1\n${line(number)}`).join('')}`;
}

/** Rows of 1 + 4 + 2 bytes, predicted upwards as most programs do. */
function crossReferenceStream(places: ReadonlyMap<number, Place>, size: number, entries: string): string {
  const numbers = [...places.keys()];
  const rows = numbers.map((number) => {
    const place = places.get(number)!;
    const row = Buffer.alloc(7);
    row[0] = 'offset' in place ? 1 : 2;
    row.writeUInt32BE('offset' in place ? place.offset : place.stream, 1);
    row.writeUInt16BE('offset' in place ? 0 : place.index, 5);
    return row;
  });
  const predicted = rows.map((row, at) =>
    Buffer.from([2, ...row.map((byte, column) => byte - (rows[at - 1]?.[column] ?? 0))]),
  );
  return flateStream(
    `/Type /XRef /Size ${size} /W [1 4 2] /Index [${numbers.map((number) => `${number} 1`).join(' ')}] ` +
      `/DecodeParms << /Predictor 12 /Columns 7 >> ${entries}`,
    Buffer.concat(predicted),
  );
}
