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
