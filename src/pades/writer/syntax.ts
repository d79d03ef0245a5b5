import type { PdfDictionary, PdfReference } from '../reader/values';

/** Bodies of objects are put together as Latin-1 strings. */
export type Source = string;

/** To a millionth, and so without an exponent, which PDF does not know. */
export function writeNumber(value: number): Source {
  return String(Number(value.toFixed(6)));
}

export function writeReference({ number, generation }: PdfReference): Source {
  return `${number} ${generation} R`;
}

export function writeDictionary(entries: Readonly<Record<string, Source>>): Source {
  const lines = Object.entries(entries).map(([key, value]) => `${writeName(key)} ${value}`);
  return `<<\n${lines.join('\n')}\n>>`;
}

export function writeStream(entries: Readonly<Record<string, Source>>, data: Source): Source {
  return `${writeDictionary({ ...entries, Length: String(data.length) })}\nstream\n${data}\nendstream`;
}

/** The dictionary with some values changed or added; all others keep their bytes. */
export function amend(dictionary: PdfDictionary, changes: Readonly<Record<string, Source>>): Source {
  const kept = [...dictionary.keys()].map((key) => [key, dictionary.source(key) ?? 'null'] as const);
  return writeDictionary({ ...Object.fromEntries(kept), ...changes });
}

/** The array with more items; those it has keep their bytes. */
export function append(array: Source, items: Source): Source {
  return `${array.slice(0, array.lastIndexOf(']'))}\n${items}]`;
}

/** Delimiters, white space and what is not ASCII are escaped, ISO 32000-2, 7.3.5. */
function writeName(text: string): Source {
  const escaped = text.replace(
    /[^!-~]|[#()<>[\]{}/%]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${escaped}`;
}

const byteOrderMark = '\ufeff';

/** A text string, ISO 32000-2, 7.9.2.2: ASCII as it is, anything else as UTF-16BE. */
export function writeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return writeBytes(text);
  return `<${Buffer.from(byteOrderMark + text, 'utf16le')
    .swap16()
    .toString('hex')}>`;
}

/** A string of these bytes, given in Latin-1. */
export function writeBytes(bytes: string): string {
  return `(${bytes.replace(/[\\()]/g, '\\$&')})`;
}

/** A date, ISO 32000-2, 7.9.4, in UTC and to the second. */
export function writeDate(date: Date): string {
  return `(D:${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z)`;
}
