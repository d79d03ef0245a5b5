import { PdfFault } from '../fault';
import { Budget } from './budget';
import { brokenCrossReference, type CrossReference, readCrossReference } from './cross-reference';
import { PdfDocument } from './document';
import { beginsAt } from './indirect-object';
import { parser } from './parser';

/** Where readers look for the header, and for the last word of the file. */
const headerWindowBytes = 1_024;
const endWindowBytes = 2_048;

/**
 * Reads the structure of a document, and refuses what readers would have to repair: programs repair differently, and a
 * signature has to mean the same to all of them.
 *
 * @throws PdfFault
 */
export function readDocument(bytes: Buffer): PdfDocument {
  requireHeader(bytes);
  const budget = new Budget();
  const crossReference = readCrossReference(bytes, readStartOfCrossReference(bytes), budget);
  requireReadable(crossReference);
  requireObjectsAtTheirOffsets(bytes, crossReference);
  return new PdfDocument(bytes, crossReference.sections, crossReference.entries, budget);
}

function requireHeader(bytes: Buffer): void {
  if (bytes.length === 0) throw new PdfFault('empty', 'The document is empty.');
  const header = bytes.subarray(0, headerWindowBytes).indexOf('%PDF-');
  if (header < 0) throw new PdfFault('not-a-pdf', 'The document is not a PDF.');
  // Readers disagree on whether offsets then count from the file's first byte or from the header.
  if (header > 0) throw brokenCrossReference('the file has bytes before its header');
}

function readStartOfCrossReference(bytes: Buffer): number {
  const windowStart = Math.max(0, bytes.length - endWindowBytes);
  const keyword = bytes.subarray(windowStart).lastIndexOf('startxref');
  if (keyword < 0) throw brokenCrossReference('the file does not end with startxref');
  const { lexer } = parser(bytes, windowStart + keyword + 'startxref'.length);
  lexer.skipWhite();
  const offset = lexer.takeInteger();
  if (offset === undefined) throw brokenCrossReference('startxref is followed by no number');
  return offset;
}

function requireReadable({ sections }: CrossReference): void {
  if (sections.some(({ trailer }) => trailer.get('Encrypt') !== null)) {
    throw new PdfFault('encrypted', 'The document is encrypted.');
  }
  if (sections.some(({ trailer }) => trailer.get('XRefStm') !== null)) {
    throw new PdfFault(
      'hybrid-reference',
      'The document is a hybrid-reference file; save it as PDF/A, or rewrite it with “qpdf in.pdf out.pdf”.',
    );
  }
  if (!Number.isSafeInteger(sections[0].trailer.get('Size'))) throw brokenCrossReference('its trailer has no /Size');
}

function requireObjectsAtTheirOffsets(bytes: Buffer, { entries }: CrossReference): void {
  for (const [number, entry] of entries) {
    if (entry.kind === 'plain' && !beginsAt(bytes, entry.offset, number, entry.generation)) {
      throw brokenCrossReference(`object ${number} does not begin where it should`);
    }
  }
}
