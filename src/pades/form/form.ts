import { PdfFault } from '../fault';
import { limits, tooComplex } from '../reader/budget';
import type { PdfDocument } from '../reader/document';
import { isName, PdfReference, PdfString, type PdfArray, type PdfDictionary, type PdfValue } from '../reader/values';

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
      if (this.visited.has(value.number)) throw badForm(`object ${value.number} stands in it twice`);
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
