import type { PdfDocument } from '../reader/document';
import { PdfArray, type PdfReference } from '../reader/values';
import { badPageTree } from './page-tree';

/** The annotations of a page must be a list, or nothing yet, for a box to be added. @throws PdfFault bad-page-tree */
export function requireAnnotationList(document: PdfDocument, page: PdfReference): void {
  const list = document.resolve(document.dictionary(page)?.get('Annots') ?? null);
  if (list !== null && !(list instanceof PdfArray)) throw badPageTree('the annotations of a page are no list');
}
