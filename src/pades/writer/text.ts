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
