import { Injectable } from '@nestjs/common';
import { Vault } from './vault';

/** Seals what callers entrust to the database, column by column (docs/adr/0028). */
@Injectable()
export class SealedContent {
  constructor(private readonly vault: Vault) {}

  /** @param key the values of the table's key columns */
  seal<Column extends string>(
    table: SealedTable<Column>,
    column: Column,
    key: readonly string[],
    content: Buffer | string,
  ): Buffer {
    return Buffer.concat([sealedMark, this.vault.seal(purposeOf(table, column), key.join('/'), Buffer.from(content))]);
  }

  /** @throws SealBroken when it was sealed with another key or for another place, or has been changed */
  open<Column extends string>(
    table: SealedTable<Column>,
    column: Column,
    key: readonly string[],
    kept: Buffer,
  ): Buffer {
    if (!isSealed(kept)) return kept;
    return this.vault.open(purposeOf(table, column), key.join('/'), kept.subarray(sealedMark.length));
  }
}

export function isSealed(kept: Buffer): boolean {
  return kept.subarray(0, sealedMark.length).equals(sealedMark);
}

function purposeOf({ name }: SealedTable, column: string): string {
  return `${name}.${column}`;
}

/** Columns of type bytea that hold sealed content, or null. */
export interface SealedTable<Column extends string = string> {
  readonly name: string;
  /** The columns that name a row, all of type text: content opens in its own row only. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

/** What sealed content begins with; no text in UTF-8 does, and no PDF that is not made to. */
const sealedMark = Buffer.from('\xffseal1', 'latin1');

/** SQL: whether any of these columns holds content as it was before it was sealed. */
export function isPlain(columns: readonly string[]): string {
  const mark = `'\\x${sealedMark.toString('hex')}'`;
  return columns.map((column) => `substring(${column} FROM 1 FOR ${sealedMark.length}) <> ${mark}`).join(' OR ');
}
