import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';
import { Jobs } from '../jobs/jobs';
import { isPlain, isSealed, SealedContent, type SealedTable } from './sealed-content';
import { Vault } from './vault';

/** The text of key columns, the bytes of others. */
type Row = Readonly<Record<string, string | Buffer | null>>;

/** Rows of one transaction: of documents it holds some hundred megabytes at most. */
const batchSize = 10;

/** Seals what older versions of this server have stored as it came. */
@Injectable()
export class Resealing {
  constructor(
    private readonly content: SealedContent,
    private readonly statements: Statements,
    private readonly jobs: Jobs,
  ) {}

  /** To be called while modules initialize, for tables with an index over their plain rows. */
  register(table: SealedTable): void {
    const { name, key, columns } = table;
    const find = statement(
      `seal-${name}-find`,
      `SELECT ${[...key, ...columns].join(', ')} FROM ${name} WHERE ${isPlain(columns)} LIMIT :size FOR NO KEY UPDATE SKIP LOCKED`,
    );
    const replace = statement(
      `seal-${name}`,
      `UPDATE ${name} SET ${columns.map((column) => `${column} = :${column}::bytea`).join(', ')}
       WHERE ${key.map((column) => `${column} = :${column}`).join(' AND ')}`,
    );
    const batch = (size: number): Promise<number> =>
      this.statements.transaction(async (client) => {
        const found = await this.statements.run<Row>(find, { size }, client);
        for (const row of found) await this.statements.run(replace, this.sealed(table, row), client);
        return found.length;
      });
    this.jobs.everyMinute(`seal-${name}`, batch, batchSize);
  }

  private sealed(table: SealedTable, row: Row): Row {
    const key = table.key.map((column) => String(row[column]));
    const sealed = table.columns.map((column) => {
      const kept = row[column] ?? null;
      const isDone = !Buffer.isBuffer(kept) || isSealed(kept);
      return [column, isDone ? kept : this.content.seal(table, column, key, kept)] as const;
    });
    return { ...row, ...Object.fromEntries(sealed) };
  }
}

@Module({})
export class SecretsModule {
  static register(masterKey: Buffer): DynamicModule {
    return {
      module: SecretsModule,
      global: true,
      providers: [{ provide: Vault, useValue: new Vault(masterKey) }, SealedContent, Resealing],
      exports: [Vault, SealedContent, Resealing],
    };
  }
}
