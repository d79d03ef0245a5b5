import { PdfFault, PdfLocationFault, type DocumentFault, type LocationFault } from './fault';

/** A fault as data, which can leave a thread; `detail` is a sentence for the person who sent the document. */
export type Failure =
  | { readonly ok: false; readonly fault: DocumentFault; readonly detail: string }
  /** `location` is an index into the list that was asked for. */
  | { readonly ok: false; readonly fault: LocationFault; readonly detail: string; readonly location: number };

export type Attempt<T> = { readonly ok: true; readonly value: T } | Failure;

/** What `work` answers, or the fault it throws. */
export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof PdfFault) return { ok: false, fault: error.fault, detail: error.detail };
    if (error instanceof PdfLocationFault) {
      return { ok: false, fault: error.fault, detail: error.detail, location: error.location };
    }
    throw error;
  }
}

/** The fault again, to be thrown. */
export function faultOf(failure: Failure): PdfFault | PdfLocationFault {
  if ('location' in failure) return new PdfLocationFault(failure.fault, failure.location, failure.detail);
  return new PdfFault(failure.fault, failure.detail);
}
