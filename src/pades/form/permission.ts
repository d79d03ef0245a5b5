import { PdfFault, PdfLocationFault } from '../fault';
import type { PdfDocument } from '../reader/document';
import { isName, type PdfDictionary } from '../reader/values';
import type { Form } from './form';

/** What a certifying signature lets later updates do; ISO 32000-2, table 257. */
const permissions = { nothing: 1, fillAndSign: 2, annotate: 3 } as const;

/**
 * Refuses a document that could not be signed without breaking what it is, or what has been signed in it.
 *
 * @returns whether annotations besides the signature field may be added
 * @throws PdfFault changes-forbidden, dynamic-form, broken-*, too-complex
 * @throws PdfLocationFault annotations-forbidden: all boxes but the first are annotations of their own
 */
export function requirePermission(
  document: PdfDocument,
  catalog: PdfDictionary,
  form: Form | undefined,
  locationCount: number,
): boolean {
  if (document.resolve(catalog.get('NeedsRendering')) === true) {
    throw new PdfFault('dynamic-form', 'The document is a dynamic XFA form.');
  }
  const permission = readPermission(document, catalog, form);
  if (permission <= permissions.nothing) {
    throw new PdfFault('changes-forbidden', 'The document is certified to allow no changes, so it cannot be signed.');
  }
  if (permission < permissions.annotate && locationCount > 1) {
    throw new PdfLocationFault(
      'annotations-forbidden',
      1,
      'The document is certified to allow no annotations, so the signature can stand in one place only.',
    );
  }
  return permission >= permissions.annotate;
}

/** The narrowest of all that the document's signatures grant. */
function readPermission(document: PdfDocument, catalog: PdfDictionary, form: Form | undefined): number {
  const certification = document.dictionary(document.dictionary(catalog.get('Perms'))?.get('DocMDP') ?? null);
  const signatures = [...(form?.signatures ?? []), ...(certification === undefined ? [] : [certification])];
  return Math.min(permissions.annotate, ...signatures.flatMap((signature) => permissionsOf(document, signature)));
}

function permissionsOf(document: PdfDocument, signature: PdfDictionary): number[] {
  const references = document.array(signature.get('Reference'))?.items ?? [];
  return references.flatMap((item) => {
    const reference = document.dictionary(item);
    if (!isName(document.resolve(reference?.get('TransformMethod') ?? null), 'DocMDP')) return [];
    const permission = document.resolve(
      document.dictionary(reference?.get('TransformParams') ?? null)?.get('P') ?? null,
    );
    return [typeof permission === 'number' ? permission : permissions.fillAndSign];
  });
}
