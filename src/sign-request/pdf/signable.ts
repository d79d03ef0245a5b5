import { PdfFault } from './fault';
import { readForm, type Form } from './form/form';
import { requirePermission } from './form/permission';
import { readPages } from './pages/page-tree';
import { place, type Placement, type SignLocation } from './pages/placement';
import type { PdfDocument } from './reader/document';
import { readDocument } from './reader/read-document';
import type { PdfDictionary } from './reader/values';

/** A document of which everything that signing it needs has been read, so that signing it cannot fail later. */
export interface Signable {
  readonly document: PdfDocument;
  readonly catalog: PdfDictionary;
  readonly form: Form | undefined;
  readonly pageCount: number;
  /** In the order of the locations. */
  readonly placements: readonly Placement[];
}

/** @throws PdfFault @throws PdfLocationFault */
export function readSignable(bytes: Buffer, locations: readonly SignLocation[]): Signable {
  const document = readDocument(bytes);
  const catalog = document.dictionary(document.trailer.get('Root'));
  if (catalog === undefined) throw new PdfFault('broken-object', 'The document has no catalog.');
  const pages = readPages(document, catalog);
  const form = readForm(document, catalog);
  requirePermission(document, catalog, form, locations.length);
  const placements = locations.map((location, index) => place(document, pages, location, index));
  return { document, catalog, form, pageCount: pages.length, placements };
}
