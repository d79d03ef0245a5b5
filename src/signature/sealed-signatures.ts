import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Resealing } from '../platform/secrets/resealing';
import { SealedContent, type SealedTable } from '../platform/secrets/sealed-content';

type SealedColumn = 'message' | 'push_message' | 'callback_url' | 'signature';

export const sealedSignatures: SealedTable<SealedColumn> = {
  name: 'signature',
  key: ['tenant_id', 'id'],
  columns: ['message', 'push_message', 'callback_url', 'signature'],
};

/** The transaction that a value belongs to. */
interface TransactionKey {
  readonly tenantId: string;
  readonly id: string;
}

/** Seals the confidential columns of transactions, each value bound to its row and column. */
@Injectable()
export class SealedSignatures implements OnModuleInit {
  constructor(
    private readonly content: SealedContent,
    private readonly resealing: Resealing,
  ) {}

  onModuleInit(): void {
    this.resealing.register(sealedSignatures);
  }

  seal<Text extends string | null>(
    { tenantId, id }: TransactionKey,
    column: SealedColumn,
    text: Text,
  ): Buffer | Extract<Text, null> {
    return text === null
      ? (null as Extract<Text, null>)
      : this.content.seal(sealedSignatures, column, [tenantId, id], text);
  }

  open<Kept extends Buffer | null>(
    { tenantId, id }: TransactionKey,
    column: SealedColumn,
    kept: Kept,
  ): string | Extract<Kept, null> {
    return kept === null
      ? (null as Extract<Kept, null>)
      : this.content.open(sealedSignatures, column, [tenantId, id], kept).toString();
  }
}
