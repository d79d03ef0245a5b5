/** What can be wrong with a document as a whole. */
export type DocumentFault =
  | 'empty'
  | 'not-a-pdf'
  | 'encrypted'
  | 'hybrid-reference'
  | 'broken-cross-reference'
  | 'broken-object'
  | 'bad-page-tree'
  | 'bad-form'
  | 'changes-forbidden'
  | 'dynamic-form'
  | 'too-complex';

/** What can be wrong with one place where a signature shall be. */
export type LocationFault = 'page-not-found' | 'box-leaves-page' | 'annotations-forbidden';

/** The document cannot be read, or not be signed. `detail` is a sentence for the person who sent it. */
export class PdfFault extends Error {
  override readonly name = 'PdfFault';

  constructor(
    readonly fault: DocumentFault,
    readonly detail: string,
  ) {
    super(`${fault}: ${detail}`);
  }
}

/** The document is fine, but the signature cannot be at `location`, an index into the list that was asked for. */
export class PdfLocationFault extends Error {
  override readonly name = 'PdfLocationFault';

  constructor(
    readonly fault: LocationFault,
    readonly location: number,
    readonly detail: string,
  ) {
    super(`${fault} (location ${location}): ${detail}`);
  }
}

/** A fault as data, which can leave a thread; `detail` is a sentence for the person who sent the document. */
export type Failure =
  | { readonly ok: false; readonly fault: DocumentFault; readonly detail: string }
  /** `location` is an index into the list that was asked for. */
  | { readonly ok: false; readonly fault: LocationFault; readonly detail: string; readonly location: number };

type Attempt<T> = { readonly ok: true; readonly value: T } | Failure;

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
