import { PdfFault } from '../fault';
import type { PdfDictionary } from './values';

/** Where an object is, by one line of a cross-reference section. */
export type Entry =
  | { readonly kind: 'free' }
  | { readonly kind: 'plain'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

export const free: Entry = { kind: 'free' };

/** One cross-reference section with its trailer; each update of a document adds one. */
export interface Section {
  readonly kind: 'table' | 'stream';
  readonly offset: number;
  readonly trailer: PdfDictionary;
}

/** Takes a section's entries one by one, so that they are held only once. */
export type EntrySink = (objectNumber: number, entry: Entry) => void;

export function brokenCrossReference(what: string): PdfFault {
  return new PdfFault('broken-cross-reference', `The cross-reference of the document is broken: ${what}.`);
}
