/** Columns of type bytea that hold sealed content, or null. */
export interface SealedTable<Column extends string = string> {
  readonly name: string;
  /** The columns that name a row, all of type text: content opens in its own row only. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

/** What sealed content begins with; no text in UTF-8 does, and no PDF that is not made to. */
export const sealedMark = Buffer.from('\xffseal1', 'latin1');

/** SQL: whether any of these columns holds content as it was before it was sealed. */
export function isPlain(columns: readonly string[]): string {
  const mark = `'\\x${sealedMark.toString('hex')}'`;
  return columns.map((column) => `substring(${column} FROM 1 FOR ${sealedMark.length}) <> ${mark}`).join(' OR ');
}
