import { writePdf, type Objects } from '../../../test/support/pdf/pdf-file';
import { documentOf, onePage } from '../../../test/support/pdf/samples';
import { readDocument } from '../reader/read-document';
import { readPages } from './page-tree';

function pagesOf(objects: Objects) {
  const document = readDocument(writePdf(objects));
  return readPages(document, document.dictionary(document.trailer.get('Root'))!);
}

describe('the page tree', () => {
  it('lists the pages in their order', () => {
    expect(pagesOf(documentOf([{}, {}, {}])).map(({ reference }) => reference.number)).toEqual([10, 12, 14]);
  });

  it('lets a page inherit from every node above it', () => {
    const [page] = pagesOf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Count 1 /Kids [3 0 R] /Rotate 90 /MediaBox 5 0 R >>',
      3: '<< /Type /Pages /Count 1 /Kids [4 0 R] /Rotate 180 >>',
      4: '<< /Type /Page /CropBox [1 2 3 4] >>',
      5: '[0 0 10 10]',
    });
    expect(page!.attributes).toMatchObject({ MediaBox: { number: 5 }, Rotate: 180, CropBox: { items: [1, 2, 3, 4] } });
  });

  it.each<[string, Objects]>([
    ['no tree', { 1: '<< /Type /Catalog >>' }],
    ['no pages', { 2: '<< /Type /Pages /Count 0 /Kids [] >>' }],
    ['a missing page', { 2: '<< /Type /Pages /Count 1 /Kids [99 0 R] >>' }],
    ['a page that is no reference', { 2: '<< /Type /Pages /Count 1 /Kids [<< /Type /Page >>] >>' }],
    ['a wrong count', { 2: '<< /Type /Pages /Count 2 /Kids [10 0 R] >>' }],
    ['no kids', { 2: '<< /Type /Pages /Count 0 >>' }],
    ['the same page twice', { 2: '<< /Type /Pages /Count 2 /Kids [10 0 R 10 0 R] >>' }],
    ['itself as a kid', { 2: '<< /Type /Pages /Count 1 /Kids [2 0 R] >>' }],
    ['something that is no page', { 2: '<< /Type /Pages /Count 1 /Kids [3 0 R] >>' }],
  ])('is refused with %s', (_, objects) => {
    expect(() => pagesOf({ ...onePage, ...objects })).toThrow(expect.objectContaining({ fault: 'bad-page-tree' }));
  });
});
