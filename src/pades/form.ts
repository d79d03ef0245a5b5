import { PdfFault, PdfLocationFault } from './fault';
import { limits, tooComplex } from './reader/budget';
import type { PdfDocument } from './reader/document';
import { isName, type PdfArray, type PdfDictionary, PdfReference, PdfString, type PdfValue } from './reader/values';

/** What a signature needs to know of the document's interactive form; ISO 32000-2, 12.7. */
export interface Form {
  readonly dictionary: PdfDictionary;
  readonly fields: PdfArray | undefined;
  /** The names of the outermost fields, as their raw bytes in Latin-1. */
  readonly names: ReadonlySet<string>;
  /** Viewers shall draw the fields anew, and may then draw none for a signature. */
  readonly needsAppearances: boolean;
  /** The values of all signature fields that have been signed. */
  readonly signatures: readonly PdfDictionary[];
}

/** The form, or undefined where the document has none. @throws PdfFault bad-form, broken-*, too-complex */
export function readForm(document: PdfDocument, catalog: PdfDictionary): Form | undefined {
  if (document.resolve(catalog.get('AcroForm')) === null) return undefined;
  const dictionary = document.dictionary(catalog.get('AcroForm'));
  if (dictionary === undefined) throw badForm('it is no dictionary');
  const fields = document.array(dictionary.get('Fields'));
  if (fields === undefined && document.resolve(dictionary.get('Fields')) !== null)
    throw badForm('its fields are no list');
  const walk = new FieldWalk(document);
  for (const field of fields?.items ?? []) walk.visit(field, null, 0);
  const needsAppearances = document.resolve(dictionary.get('NeedAppearances')) === true;
  return { dictionary, fields, needsAppearances, names: walk.names, signatures: walk.signatures };
}

function badForm(what: string): PdfFault {
  return new PdfFault('bad-form', `The form of the document is broken: ${what}.`);
}

class FieldWalk {
  readonly names = new Set<string>();
  readonly signatures: PdfDictionary[] = [];
  private readonly visited = new Set<number>();
  private count = 0;

  constructor(private readonly document: PdfDocument) {}

  visit(value: PdfValue, inheritedType: PdfValue, depth: number): void {
    if (depth > limits.depth || ++this.count > limits.formFields) throw tooComplex('its form is too large');
    if (value instanceof PdfReference) {
      if (this.visited.has(value.number)) throw badForm(`object ${value.number} occurs in it twice`);
      this.visited.add(value.number);
    }
    const field = this.document.dictionary(value);
    if (field === undefined) return;
    if (depth === 0) this.rememberName(field);
    const type = field.get('FT') ?? inheritedType;
    if (isName(this.document.resolve(type), 'Sig')) this.rememberSignature(field);
    for (const kid of this.document.array(field.get('Kids'))?.items ?? []) this.visit(kid, type, depth + 1);
  }

  private rememberName(field: PdfDictionary): void {
    const name = this.document.resolve(field.get('T'));
    if (name instanceof PdfString) this.names.add(name.bytes.toString('latin1'));
  }

  private rememberSignature(field: PdfDictionary): void {
    const signature = this.document.dictionary(field.get('V'));
    if (signature !== undefined) this.signatures.push(signature);
  }
}

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
      'The document is certified to allow no annotations, so the signature can be in one place only.',
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
