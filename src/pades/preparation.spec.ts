import { createHash } from 'node:crypto';
import { formats, updatePdf, writePdf, type Objects } from '../../test/support/pdf/pdf-file';
import { documentOf, onePage, pageObject } from '../../test/support/pdf/samples';
import { prepare } from './preparation';
import type { PdfDocument } from './reader/document';
import { readDocument } from './reader/read-document';
import { PdfArray, PdfDictionary, type PdfReference, type PdfValue } from './reader/values';

const first = { x: 0, y: 0, page: 1 };
const signedAt = new Date('2026-01-02T03:04:05Z');
const prepared = (bytes: Buffer, locations = [first]) =>
  prepare(bytes, locations, { name: 'Tan Ah Kow', partialId: '567D' }, signedAt);
const reread = (bytes: Buffer, locations = [first]) => readDocument(Buffer.from(prepared(bytes, locations).bytes));

/** The value at a path of keys and indices, references followed. */
function at(document: PdfDocument, ...path: (string | number)[]): unknown {
  let value: unknown = document.resolve(document.trailer.get('Root'));
  for (const step of path) {
    const next = value instanceof PdfDictionary ? value.get(String(step)) : (value as PdfArray).items[Number(step)];
    value = document.resolve(next ?? null);
  }
  return value;
}

const items = (document: PdfDocument, ...path: (string | number)[]) =>
  (at(document, ...path) as PdfArray).items.map((item: PdfValue) => (item as PdfReference).number);

describe('the update that a signature is', () => {
  it('leaves every byte before it as it was, and returns the digest of all but the hole', () => {
    const original = writePdf(onePage);
    const { bytes, hole, digest } = prepared(original);
    const text = Buffer.from(bytes);
    expect(text.subarray(0, original.length).equals(original)).toBe(true);
    expect(text.toString('latin1', hole.start, hole.end)).toMatch(/^<0{32768}>$/);
    const covered = Buffer.concat([text.subarray(0, hole.start), text.subarray(hole.end)]);
    expect(createHash('sha256').update(covered).digest().equals(digest)).toBe(true);
    expect(text.toString('latin1')).toContain(`/ByteRange [0 ${hole.start} ${hole.end} ${bytes.length - hole.end} `);
  });

  it.each(formats)('is written as the newest section is, and keeps what the trailer says: %s', (format) => {
    const oldest = writePdf({ ...onePage, 50: '<< /Title (a) >>' }, { format: 'table' });
    const trailer = '/Info 50 0 R /ID [<AB> <CD>] /Custom 1';
    const document = reread(updatePdf(oldest, { 51: '(b)' }, { format, trailer }));
    expect(document.sections[0].kind).toBe(format === 'table' ? 'table' : 'stream');
    expect(document.sections).toHaveLength(3);
    expect(document.trailer.source('Info')).toBe('50 0 R');
    expect(document.trailer.source('ID')).toMatch(/^\[<ab> <[0-9a-f]{32}>\]$/);
    expect(document.trailer.get('Custom')).toBeNull();
    expect(document.trailer.get('Size')).toBe(document.nextObjectNumber());
  });

  it('makes a form where there is none', () => {
    const document = reread(writePdf(onePage));
    expect(at(document, 'AcroForm', 'SigFlags')).toBe(3);
    expect(items(document, 'AcroForm', 'Fields')).toEqual(items(document, 'Pages', 'Kids', 0, 'Annots'));
    expect(at(document, 'AcroForm', 'Fields', 0, 'V', 'SubFilter')).toMatchObject({ text: 'ETSI.CAdES.detached' });
  });

  it.each<[string, string, Objects]>([
    ['in the catalog', '/AcroForm << /Fields [50 0 R] /SigFlags 4 /NeedAppearances false >>', {}],
    [
      'of its own',
      '/AcroForm 51 0 R',
      { 51: '<< /Fields 52 0 R /SigFlags 4 /NeedAppearances false >>', 52: '[50 0 R]' },
    ],
  ])('joins a form %s, under a name that is free', (_, catalog, more) => {
    const field = '<< /T (Signature1) /FT /Tx >>';
    const document = reread(writePdf({ ...documentOf([{}], catalog), 50: field, ...more }));
    expect(at(document, 'AcroForm', 'SigFlags')).toBe(7);
    expect(at(document, 'AcroForm', 'NeedAppearances')).toBe(false);
    expect(items(document, 'AcroForm', 'Fields')).toHaveLength(2);
    expect(at(document, 'AcroForm', 'Fields', 0, 'T')).toMatchObject({ bytes: Buffer.from('Signature1') });
    expect(at(document, 'AcroForm', 'Fields', 1, 'T')).toMatchObject({ bytes: Buffer.from('Signature2') });
  });

  it('puts one field at the first location and stamps at the others', () => {
    const locations = [{ ...first, page: 2 }, first, { ...first, page: 2, y: 0.5 }];
    const document = reread(writePdf(documentOf([{ entries: '/Rotate 90' }, {}])), locations);
    expect(items(document, 'AcroForm', 'Fields')).toHaveLength(1);
    const subtype = (page: number, index: number) => at(document, 'Pages', 'Kids', page, 'Annots', index, 'Subtype');
    expect(subtype(1, 0)).toMatchObject({ text: 'Widget' });
    expect(subtype(0, 0)).toMatchObject({ text: 'Stamp' });
    expect(subtype(1, 1)).toMatchObject({ text: 'Stamp' });
    expect(at(document, 'Pages', 'Kids', 0, 'Annots', 0, 'Rect')).toEqual(new PdfArray([552, 0, 612, 220.5]));
  });

  it.each(['[50 0 R]', '51 0 R', '99 0 R', 'null'])('adds to the annotations of a page: %s', (annotations) => {
    const objects = { 50: '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] >>', 51: '[50 0 R]' };
    const document = reread(writePdf({ ...documentOf([{ entries: `/Annots ${annotations}` }]), ...objects }), [
      first,
      first,
    ]);
    const before = annotations === '[50 0 R]' || annotations === '51 0 R' ? [50] : [];
    expect(items(document, 'Pages', 'Kids', 0, 'Annots').slice(0, -2)).toEqual(before);
  });

  it('does not mix lists that two dictionaries share', () => {
    const catalog = '/AcroForm << /Fields 52 0 R >>';
    const objects = { 50: '<< /T (a) /FT /Tx >>', 52: '[50 0 R]' };
    const bytes = writePdf({ ...documentOf([{ entries: '/Annots 52 0 R' }], catalog), ...objects });
    const document = reread(bytes, [first, first]);
    expect(items(document, 'AcroForm', 'Fields')).toHaveLength(2);
    expect(items(document, 'Pages', 'Kids', 0, 'Annots')).toHaveLength(3);
  });

  it('keeps the generation of what it replaces', () => {
    const text = writePdf(onePage)
      .toString('latin1')
      .replace(`${pageObject(0)} 0 obj`, `${pageObject(0)} 3 obj`);
    const table = text.replace('[10 0 R]', '[10 3 R]').split('\n');
    const line = table.indexOf('xref') + 2 + pageObject(0);
    table[line] = table[line]!.replace('00000 n', '00003 n');
    const document = reread(Buffer.from(table.join('\n'), 'latin1'));
    expect(items(document, 'Pages', 'Kids', 0, 'Annots')).toHaveLength(1);
  });
});
