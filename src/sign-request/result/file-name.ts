/** What file systems and headers give a meaning to, and what cannot be seen. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu;

/** A name under which anybody may save the signed document: the document's own, made harmless. */
export function signedFileName(docName: string): string {
  const base = docName
    .replace(/\.pdf$/i, '')
    .replace(unsafe, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return `${base === '' ? 'document' : base}-signed.pdf`;
}
