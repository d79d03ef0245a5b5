import { flateStream, formats, stream, updatePdf, writePdf } from '../../../test/support/pdf/pdf-file';
import { onePage } from '../../../test/support/pdf/samples';
import { readDocument } from './read-document';
import { PdfArray, PdfReference } from './values';

const refused = (fault: string, detail: RegExp = /./) =>
  expect.objectContaining({ fault, detail: expect.stringMatching(detail) });
const edit = (bytes: Buffer, from: string | RegExp, to: string) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

describe('reading the structure of a document', () => {
  describe.each(formats)('with its cross-reference as %s', (format) => {
    const original = writePdf({ ...onePage, 50: '[1 2]' }, { format });
    const at = (bytes: Buffer, number: number) => readDocument(bytes).resolve(new PdfReference(number, 0));

    it('finds every object', () => {
      expect(readDocument(original).sections).toHaveLength(1);
      expect(at(original, 50)).toEqual(new PdfArray([1, 2]));
    });

    it.each(formats)('reads what an update as %s changes', (updateFormat) => {
      const updated = updatePdf(original, { 50: '[3]', 60: '[4]' }, { format: updateFormat });
      expect(readDocument(updated).sections).toHaveLength(2);
      expect(at(updated, 50)).toEqual(new PdfArray([3]));
      expect(at(updated, 60)).toEqual(new PdfArray([4]));
      expect(at(updated, 99)).toBeNull();
    });
  });

  it('reads an object that does not exist as null', () => {
    const document = readDocument(writePdf({ ...onePage, 50: '(found)' }));
    expect(document.resolve(new PdfReference(50, 0))).toMatchObject({ bytes: Buffer.from('found') });
    expect(document.resolve(new PdfReference(50, 1))).toBeNull();
    expect(document.resolve(new PdfReference(99, 0))).toBeNull();
  });

  it('reads an object that an update has freed as null', () => {
    const bytes = writePdf({ ...onePage, 50: '(gone)' });
    const previous = bytes.toString('latin1').indexOf('xref\n0 ');
    const freed = `xref\n50 1\n0000000000 00001 f \ntrailer\n<< /Size 51 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
    expect(readDocument(Buffer.concat([bytes, Buffer.from(freed)])).resolve(new PdfReference(50, 0))).toBeNull();
  });

  it('accepts bytes after the end', () => {
    expect(() => readDocument(Buffer.concat([writePdf(onePage), Buffer.from('\r\n\0\0')]))).not.toThrow();
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['something else', Buffer.from('GIF89a'.repeat(1_000)), 'not-a-pdf'],
    ['a header too far inside', Buffer.concat([Buffer.alloc(1_024, ' '), writePdf(onePage)]), 'not-a-pdf'],
    ['bytes before the header', Buffer.concat([Buffer.from('\ufeff'), writePdf(onePage)]), 'broken-cross-reference'],
    ['half a file', writePdf(onePage).subarray(0, 400), 'broken-cross-reference'],
    ['a wrong startxref', edit(writePdf(onePage), /startxref\n\d+/, 'startxref\n17'), 'broken-cross-reference'],
    [
      'a startxref past the end',
      edit(writePdf(onePage), /startxref\n\d+/, 'startxref\n99999999'),
      'broken-cross-reference',
    ],
    ['a moved object', edit(writePdf(onePage), '2 0 obj', ' \n2 0 obj'), 'broken-cross-reference'],
    ['another object in its place', edit(writePdf(onePage), '\n3 0 obj', '\n4 0 obj'), 'broken-cross-reference'],
    ['an entry that is nothing', edit(writePdf(onePage), '00000 n', '00000 x'), 'broken-cross-reference'],
    ['a table that ends early', edit(writePdf(onePage), /xref\n0 1/, 'xref\n0 9'), 'broken-cross-reference'],
    ['no size', edit(writePdf(onePage), '/Size', '/Seize'), 'broken-cross-reference'],
    ['encryption', writePdf(onePage, { trailer: '/Encrypt 4 0 R' }), 'encrypted'],
    ['encryption in an older section', updatePdf(writePdf(onePage, { trailer: '/Encrypt 4 0 R' }), {}), 'encrypted'],
    ['a hybrid reference', writePdf(onePage, { trailer: '/XRefStm 17' }), 'hybrid-reference'],
    ['a hybrid reference below', updatePdf(writePdf(onePage, { trailer: '/XRefStm 17' }), {}), 'hybrid-reference'],
  ])('refuses %s', (_, bytes, fault) => {
    expect(() => readDocument(bytes)).toThrow(refused(fault));
  });

  it.each([
    ['/W', '[1 4 2]', '[1 9 2]'],
    ['/W', '[1 4 2]', '[0 0 0]'],
    ['/W', '[1 4 2]', '[1 4 a]'],
    ['/Index', /\/Index \[1 1/, '/Index [1 9'],
    ['/Length', /\/Length (\d+) >>\nstream(?![\s\S]*\/Length)/, '/Length 1$1 >>\nstream'],
    ['/Predictor', '/Predictor 12', '/Predictor 2'],
    ['/Filter', '/FlateDecode', '/LZWDecode'],
  ])('refuses a cross-reference stream with a bad %s', (_, from, to) => {
    expect(() => readDocument(edit(writePdf(onePage, { format: 'stream' }), from, to))).toThrow(
      expect.objectContaining({ fault: expect.stringMatching(/^broken-/) }),
    );
  });

  it.each([
    ['holds another object there', '99 0 17 0 ', 'broken-cross-reference'],
    ['begins with no numbers', '(broken)  ', 'broken-cross-reference'],
  ])('refuses an object stream that %s', (_, head, fault) => {
    const row = (type: number, second: number, third: number) => [type, 0, 0, second >> 8, second & 255, 0, third];
    const objectStream = flateStream(`/Type /ObjStm /N 2 /First ${head.length}`, `${head}(a)(b)`);
    const before = `%PDF-1.7\n4 0 obj\n${objectStream}\nendobj\n`;
    const rows = Buffer.from([...row(2, 4, 0), ...row(1, 9, 0)]);
    const section = stream('/Type /XRef /Size 5 /W [1 4 2] /Index [3 2] /Root 3 0 R', rows);
    const bytes = Buffer.from(`${before}5 0 obj\n${section}\nendobj\nstartxref\n${before.length}\n%%EOF`, 'latin1');
    expect(() => readDocument(bytes).resolve(new PdfReference(3, 0))).toThrow(refused(fault));
  });
});
