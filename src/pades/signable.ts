import { attempt, type Failure } from './fault';
import { type Form, readForm, requirePermission } from './form';
import { readPages, requireAnnotationList } from './pages/page-tree';
import { place, type Placement, type SignLocation } from './pages/placement';
import type { PdfDocument } from './reader/document';
import { broken } from './reader/lexer';
import { readDocument } from './reader/read-document';
import { type PdfDictionary, PdfReference } from './reader/values';

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

/** What came out of looking at a document. */
export type Inspection = { readonly ok: true; readonly pages: number } | Failure;

/** Whether a document can be read strictly, and signed with a box at each of the locations. */
export function inspect(bytes: Buffer, locations: readonly SignLocation[]): Inspection {
  const read = attempt(() => readSignable(bytes, locations).pageCount);
  return read.ok ? { ok: true, pages: read.value } : read;
}

/** Who signs, as a signature says it. */
export interface Signer {
  /** In full, in whatever script. */
  readonly name: string;
  /** The last characters of the signer's identity number; they name who bears a name that the box cannot show. */
  readonly partialId: string;
}
