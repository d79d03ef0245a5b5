import { Injectable } from '@nestjs/common';
import { sealedMark, type SealedTable } from './sealed-table';
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
