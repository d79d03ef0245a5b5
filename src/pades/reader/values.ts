/** A name such as `/Type`, kept without its slash and with `#xx` decoded. */
export class PdfName {
  constructor(readonly text: string) {}
}

export class PdfString {
  constructor(readonly bytes: Buffer) {}
}

/** `12 0 R` */
export class PdfReference {
  constructor(
    readonly number: number,
    readonly generation: number,
  ) {}
}

export class PdfArray {
  constructor(readonly items: readonly PdfValue[]) {}
}

interface Entry {
  readonly value: PdfValue;
  /** Where the value is in the dictionary's bytes. */
  readonly start: number;
  readonly end: number;
}

/** Remembers how each value was written, so that what does not change is written again byte for byte. */
export class PdfDictionary {
  constructor(
    private readonly bytes: Buffer,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** The value as it is here, references not followed; absent and null are the same in PDF. */
  get(key: string): PdfValue {
    return this.entries.get(key)?.value ?? null;
  }

  /** The keys, in the order of the file. */
  keys(): Iterable<string> {
    return this.entries.keys();
  }

  /** The value as it was written, in Latin-1; undefined where there is none. */
  source(key: string): string | undefined {
    const entry = this.entries.get(key);
    return entry && this.bytes.toString('latin1', entry.start, entry.end);
  }
}

/** A dictionary and where its data begins; the data is decoded only when it is asked for. */
export class PdfStream {
  constructor(
    readonly dictionary: PdfDictionary,
    readonly dataStart: number,
  ) {}
}

export type PdfValue = null | boolean | number | PdfName | PdfString | PdfReference | PdfArray | PdfDictionary;

export function isName(value: unknown, text: string): boolean {
  return value instanceof PdfName && value.text === text;
}
