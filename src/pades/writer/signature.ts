import type { PdfDocument } from '../reader/document';
import { PdfReference } from '../reader/values';
import type { Signable } from '../signable';
import type { IncrementalUpdate } from './incremental-update';
import { amend, type Source, writeDate, writeDictionary, writeReference, writeText } from './syntax';

/** Room for the CMS: some 2 kB of our own, and a time-stamp with its certificates. */
const contentsBytes = 16_384;

const unknownRange = `[0${' '.repeat(40)}]`;
const hole = `<${'0'.repeat(2 * contentsBytes)}>`;

/** The value of a signature field, ISO 32000-2, 12.8.1 and ETSI EN 319 142-1, with room for what is not known yet. */
export function writeSignature(name: string, signedAt: Date): Source {
  return writeDictionary({
    Type: '/Sig',
    Filter: '/Adobe.PPKLite',
    SubFilter: '/ETSI.CAdES.detached',
    ByteRange: unknownRange,
    Contents: hole,
    M: writeDate(signedAt),
    Name: writeText(name),
  });
}

/** The part of the document that the signature leaves out, `<` and `>` included. */
export interface Hole {
  readonly start: number;
  readonly end: number;
}

/** Writes into `bytes` what the signature covers; `signature`, as {@link writeSignature} wrote it, is at `offset`. */
export function fillByteRange(bytes: Buffer, signature: Source, offset: number): Hole {
  const start = offset + signature.indexOf(hole);
  const end = start + hole.length;
  const range = `[0 ${start} ${end} ${bytes.length - end}`;
  bytes.write(`${range.padEnd(unknownRange.length - 1)}]`, offset + signature.indexOf(unknownRange), 'latin1');
  return { start, end };
}

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
