import type { PdfDocument } from '../reader/document';
import { PdfReference } from '../reader/values';
import type { Signable } from '../signable';
import type { IncrementalUpdate } from './incremental-update';
import { amend, writeDictionary, writeReference, type Source } from './syntax';

/** SignaturesExist and AppendOnly, ISO 32000-2, table 225. */
const signatureFlags = 3;

/** A name that no field of the document has. */
export function freeFieldName(taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`Signature${number}`)) number += 1;
  return `Signature${number}`;
}

/** Puts `field` into the document's form, which is made if there is none. */
export function addToForm(update: IncrementalUpdate, signable: Signable, field: PdfReference): void {
  const { document, root, catalog, form } = signable;
  if (form === undefined) {
    const made = writeDictionary({ Fields: `[${writeReference(field)}]`, SigFlags: String(signatureFlags) });
    update.replace(root, amend(catalog, { AcroForm: made }));
    return;
  }
  const fields = update.appendTo(form.dictionary, 'Fields', [field]);
  const changes: Record<string, Source> = { SigFlags: String(flags(document, signable) | signatureFlags) };
  if (fields !== undefined) changes.Fields = fields;
  const amended = amend(form.dictionary, changes);
  const place = catalog.get('AcroForm');
  if (place instanceof PdfReference) update.replace(place, amended);
  else update.replace(root, amend(catalog, { AcroForm: amended }));
}

function flags(document: PdfDocument, { form }: Signable): number {
  const value = document.resolve(form?.dictionary.get('SigFlags') ?? null);
  return typeof value === 'number' ? value : 0;
}
