import { PdfFault, PdfLocationFault, type DocumentFault, type LocationFault } from './fault';
import type { SignLocation } from './pages/placement';
import { readSignable } from './signable';

/** What came out of looking at a document; `detail` is a sentence for the person who sent it. */
export type Inspection =
  | { readonly ok: true; readonly pages: number }
  | { readonly ok: false; readonly fault: DocumentFault; readonly detail: string }
  /** `location` is an index into the list that was asked for. */
  | { readonly ok: false; readonly fault: LocationFault; readonly detail: string; readonly location: number };

/** Tells whether a document can be signed at these locations. */
export function inspect(bytes: Buffer, locations: readonly SignLocation[]): Inspection {
  try {
    return { ok: true, pages: readSignable(bytes, locations).pageCount };
  } catch (error) {
    if (error instanceof PdfFault) return { ok: false, fault: error.fault, detail: error.detail };
    if (error instanceof PdfLocationFault) {
      return { ok: false, fault: error.fault, detail: error.detail, location: error.location };
    }
    throw error;
  }
}
