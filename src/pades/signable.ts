import { readForm, type Form } from './form/form';
import { requirePermission } from './form/permission';
import { readPages } from './pages/page-tree';
import { requireAnnotationList } from './pages/annotations';
import { place, type Placement, type SignLocation } from './pages/placement';
import type { PdfDocument } from './reader/document';
import { broken } from './reader/lexer';
import { readDocument } from './reader/read-document';
import { PdfReference, type PdfDictionary } from './reader/values';

/** A document of which everything that signing it needs has been read, so that signing it cannot fail later. */
export interface Signable {
  readonly document: PdfDocument;
  readonly root: PdfReference;
  readonly catalog: PdfDictionary;
  readonly form: Form | undefined;
  /** The first box is drawn by a stamp as well, for viewers that do not draw the field's own appearance. */
  readonly stampsFirst: boolean;
  readonly pageCount: number;
  /** In the order of the locations. */
  readonly placements: readonly Placement[];
}

/** @throws PdfFault @throws PdfLocationFault */
export function readSignable(bytes: Buffer, locations: readonly SignLocation[]): Signable {
  const document = readDocument(bytes);
  const root = document.trailer.get('Root');
  const catalog = document.dictionary(root);
  if (!(root instanceof PdfReference) || catalog === undefined) throw broken('the catalog is missing');
  const pages = readPages(document, catalog);
  const form = readForm(document, catalog);
  const mayAnnotate = requirePermission(document, catalog, form, locations.length);
  const stampsFirst = mayAnnotate && form?.needsAppearances === true;
  const placements = locations.map((location, index) => place(document, pages, location, index));
  for (const { page } of placements) requireAnnotationList(document, page);
  return { document, root, catalog, form, stampsFirst, pageCount: pages.length, placements };
}
