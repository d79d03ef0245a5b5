import { formats, updatePdf, writePdf, type Objects } from './pdf-file';
import { madeByOthers, readMadeByOthers } from './made-by-others';
import { documentOf, onePage } from './samples';

const threePages = documentOf([{}, { mediaBox: '[-100 -50 495 792]' }, { entries: '/CropBox [50 50 560 740]' }]);
const turned = documentOf([90, 180, 270, -90].map((degrees) => ({ entries: `/Rotate ${degrees}` })));
const widget = '<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /Rect [72 72 200 90] >>';
const fontResources = '/DR << /Font << /F 3 0 R >> >> /DA (/F 10 Tf)';

/** What a document can have that its signature has to get along with. */
const kinds: Record<string, Objects> = {
  'one page': onePage,
  'three pages, with shifted origin and crop box': threePages,
  'turned pages': turned,
  'a large unit': documentOf([{ entries: '/UserUnit 1.5' }]),
  'inherited boxes': {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Count 1 /Kids [4 0 R] /MediaBox [0 0 612 792] /Rotate 90 /Resources << >> >>',
    4: '<< /Type /Page /Parent 2 0 R >>',
  },
  'a form in the catalog': {
    ...documentOf([{ entries: '/Annots [50 0 R]' }], `/AcroForm << /Fields [50 0 R] ${fontResources} >>`),
    50: widget,
  },
  'a form of its own, lists of their own': {
    ...documentOf([{ entries: '/Annots 53 0 R' }], '/AcroForm 51 0 R'),
    50: widget,
    51: `<< /Fields 52 0 R ${fontResources} >>`,
    52: '[50 0 R % the only one\n]',
    53: '[ 50 0 R ]',
  },
  'one list for fields and annotations': {
    ...documentOf([{ entries: '/Annots 52 0 R' }], '/AcroForm << /Fields 52 0 R /SigFlags 0 >>'),
    50: widget,
    52: '[50 0 R]',
  },
  'an empty form': documentOf([{ entries: '/Annots []' }], '/AcroForm << /Fields [] >>'),
  'strange names and strings': documentOf([
    { entries: '/Strange#20Key (a\\)] >> b) /Hex <3E3E> /Nested << /A [ << /B (/Contents <00>) >> ] >>' },
  ]),
};

const ours = Object.entries(kinds).flatMap(([kind, objects]) =>
  formats.map(
    (format) => [`${kind}, ${format}`, () => writePdf(objects, { format, trailer: '/ID [<AB> <CD>]' })] as const,
  ),
);

const updated = formats.map(
  (format) =>
    [
      `updated twice, ${format}`,
      () => {
        const first = writePdf(onePage, { format });
        const changed = documentOf([{ entries: '/Rotate 90' }]);
        return updatePdf(updatePdf(first, { 10: changed[10]! }, { format }), { 60: '(more)' }, { format });
      },
    ] as const,
);

const theirs = madeByOthers.map((name) => [name, () => readMadeByOthers(name)] as const);

/** Documents of every kind that can be signed, each with room for a box in the lower left of its first page. */
export const manyKinds: readonly (readonly [name: string, make: () => Buffer])[] = [...ours, ...updated, ...theirs];
