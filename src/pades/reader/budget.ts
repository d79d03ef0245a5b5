import { PdfFault } from '../fault';

const mebibyte = 1024 * 1024;

/** Bounds that no honest document of 10 MB comes near; they keep a hostile one from costing time or memory. */
export const limits = {
  /** How deep arrays and dictionaries, page tree nodes and form fields may nest. */
  depth: 64,
  sections: 1_024,
  objects: 500_000,
  /** ISO 32000-1, annex C: what readers can be expected to cope with. */
  objectNumber: 8_388_607,
  /** Values within one object. */
  values: 300_000,
  pageNodes: 100_000,
  formFields: 100_000,
  inflatedBytesOfOneStream: 16 * mebibyte,
  inflatedBytes: 48 * mebibyte,
  parsedBytes: 64 * mebibyte,
} as const;

export function tooComplex(what: string): PdfFault {
  return new PdfFault('too-complex', `The document is too complex: ${what}.`);
}

/** What reading one document may still cost. */
export class Budget {
  private parsedBytes = 0;
  private inflatedBytes = 0;

  /** @throws PdfFault too-complex */
  spendParsing(bytes: number): void {
    this.parsedBytes += bytes;
    if (this.parsedBytes > limits.parsedBytes) throw tooComplex('reading it takes too long');
  }

  /** @throws PdfFault too-complex */
  spendInflating(bytes: number): void {
    this.inflatedBytes += bytes;
    if (this.inflatedBytes > limits.inflatedBytes) throw tooComplex('its compressed parts are too large');
  }

  /** How many bytes the next stream may inflate to. */
  get inflatable(): number {
    return Math.min(limits.inflatedBytesOfOneStream, limits.inflatedBytes - this.inflatedBytes + 1);
  }
}
