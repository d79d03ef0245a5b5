import { deflateSync } from 'node:zlib';
import { flateStream, stream, updatePdf, writePdf, type Objects } from './pdf-file';
import { onePage } from './samples';

let deflated: Buffer | undefined;

/** A quarter of a megabyte that inflates to 256 MB. */
function bomb(entries: string) {
  deflated ??= deflateSync(Buffer.alloc(256 * 1024 * 1024));
  return stream(`${entries} /Filter /FlateDecode`, deflated);
}

/** A file whose first object, at offset 9, is its cross-reference. */
function fileOf(crossReference: string): Buffer {
  return Buffer.from(`%PDF-1.7\n${crossReference}\nstartxref\n9\n%%EOF\n`, 'latin1');
}

/** A file with these plain objects, from number 100 on, and with objects 1, 2, … in the streams that `places` name. */
function fileWithStreams(
  objects: readonly string[],
  places: readonly (readonly [stream: number, index: number])[],
): Buffer {
  let text = '%PDF-1.7\n';
  const rows = places.map(([container, index]) => [2, container, index] as const) as (readonly [
    number,
    number,
    number,
  ])[];
  objects.forEach((object, at) => {
    rows.push([1, text.length, 0]);
    text += `${100 + at} 0 obj\n${object}\nendobj\n`;
  });
  const data = Buffer.from(
    rows.flatMap(([type, second, third]) => [type, second >> 16, (second >> 8) & 255, second & 255, third]),
  );
  const index = `[1 ${places.length} 100 ${objects.length}]`;
  const section = stream(`/Type /XRef /Size 1000 /W [1 3 1] /Index ${index} /Root 1 0 R`, data);
  return Buffer.from(`${text}999 0 obj\n${section}\nendobj\nstartxref\n${text.length}\n%%EOF\n`, 'latin1');
}

/** Twenty object streams of 15 MB each, which hold a page tree. */
function manyLargeStreams(): Buffer {
  const containers = Array.from({ length: 20 }, (_, at) => {
    const kids = Array.from({ length: 19 }, (_, kid) => `${kid + 3} 0 R`).join(' ');
    const bodies = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Count 19 /Kids [${kids}] >>`];
    const body = bodies[at] ?? '<< /Type /Page >>';
    const head = `${at + 1} 0 `;
    const data = Buffer.alloc(15 * 1024 * 1024, ' ');
    data.write(head + body, 'latin1');
    return flateStream(`/Type /ObjStm /N 1 /First ${head.length}`, data);
  });
  return fileWithStreams(
    containers,
    containers.map((_, at) => [100 + at, 0]),
  );
}

function nestedKids(depth: number): Objects {
  const objects: Objects = { 1: '<< /Type /Catalog /Pages 2 0 R >>' };
  for (let number = 2; number < depth; number += 1) {
    objects[number] = `<< /Type /Pages /Count 1 /Kids [${number + 1} 0 R] >>`;
  }
  return objects;
}

function manyKids(count: number, entries: string): Objects {
  const kids = Array.from({ length: count }, (_, index) => index + 10);
  const objects: Objects = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: `<< /Type /Pages /Count ${count} /Kids [${kids.map((number) => `${number} 0 R`).join(' ')}] >>`,
  };
  for (const number of kids) objects[number] = `<< /Type /Pages /Kids [] ${entries} >>`;
  return objects;
}

function manyUpdates(count: number): Buffer {
  let text = writePdf(onePage).toString('latin1');
  for (let update = 0; update < count; update += 1) {
    const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(text.slice(-40))?.[1];
    text += `xref\n0 0\ntrailer\n<< /Size 20 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${text.length}\n%%EOF\n`;
  }
  return Buffer.from(text, 'latin1');
}

/** The newer section leads to the older one, which leads back. */
function sectionsInACircle(): Buffer {
  const older = (previous: number) => writePdf(onePage, { trailer: `/Prev ${String(previous).padStart(9, '0')}` });
  return updatePdf(older(startOfCrossReference(updatePdf(older(0), {}))), {});
}

function startOfCrossReference(bytes: Buffer): number {
  return Number(/startxref\n(\d+)\n%%EOF\n$/.exec(bytes.toString('latin1'))?.[1]);
}

const catalogOf = (body: string) => writePdf({ ...onePage, 1: body });

function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, index) => `/${index.toString(36)} 1`).join('');
}

/** Documents made to do harm, each with the fault it has to be refused for. */
export const hostileDocuments: readonly (readonly [name: string, fault: string, make: () => Buffer])[] = [
  [
    'a bomb as its cross-reference',
    'too-complex',
    () => fileOf(`9 0 obj\n${bomb('/Type /XRef /Size 100000000 /W [1 4 2] /Root 1 0 R')}\nendobj`),
  ],
  [
    'a bomb as its object stream',
    'too-complex',
    () => fileWithStreams([bomb('/Type /ObjStm /N 1 /First 4')], [[100, 0]]),
  ],
  ['many streams, each just small enough', 'too-complex', manyLargeStreams],
  [
    'three million entries',
    'too-complex',
    () =>
      fileOf(
        `9 0 obj\n${flateStream('/Type /XRef /Size 3000000 /W [1 4 0] /Root 1 0 R', Buffer.alloc(15_000_000, '\0\0\0\0\x01'))}\nendobj`,
      ),
  ],
  [
    'an object stream that holds its own length',
    'broken-cross-reference',
    () => {
      const container = stream('/Type /ObjStm /N 1 /First 4', '2 0 1').replace(/\/Length \d+/, '/Length 2 0 R');
      return fileWithStreams(
        [container],
        [
          [100, 0],
          [100, 0],
        ],
      );
    },
  ],
  ['references in a circle', 'broken-object', () => writePdf({ ...onePage, 1: '2 0 R', 2: '1 0 R' })],
  ['kids in a circle', 'bad-page-tree', () => writePdf({ ...onePage, 2: '<< /Type /Pages /Count 1 /Kids [2 0 R] >>' })],
  ['60,000 nested kids', 'too-complex', () => writePdf(nestedKids(60_000))],
  [
    '60,000 nested kids in an object stream',
    'too-complex',
    () => writePdf(nestedKids(60_000), { format: 'object-streams' }),
  ],
  ['a string that never ends', 'broken-object', () => catalogOf(`<< /Type /Catalog /A ${'('.repeat(9_000_000)}`)],
  [
    'a hexadecimal string without an end',
    'broken-object',
    () => catalogOf(`<< /Type /Catalog /A <${'4'.repeat(9_000_000)}`),
  ],
  ['a million brackets', 'too-complex', () => catalogOf(`<< /A ${'['.repeat(1_000_000)}`)],
  ['a dictionary of a million keys', 'too-complex', () => catalogOf(`<< ${manyKeys(1_000_000)} >>`)],
  [
    'pages whose counts are all one huge array',
    'bad-page-tree',
    () => writePdf({ ...manyKids(5_000, '/Count 3 0 R'), 3: `[${'1 '.repeat(200_000)}]` }),
  ],
  [
    'a huge size',
    'broken-cross-reference',
    () => fileOf('xref\n0 99999999999\ntrailer\n<< /Size 99999999999 /Root 1 0 R >>'),
  ],
  [
    'a huge index',
    'broken-cross-reference',
    () => fileOf(`9 0 obj\n${flateStream('/Type /XRef /W [1 1 1] /Index [0 9000000000000] /Root 1 0 R', '')}\nendobj`),
  ],
  ['sections in a circle', 'broken-cross-reference', sectionsInACircle],
  ['two thousand updates', 'too-complex', () => manyUpdates(2_000)],
];
