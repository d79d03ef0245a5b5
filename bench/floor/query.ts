import { type Pool } from 'pg';
import { arrange, type Statement } from '../../src/platform/database/statement';

/** Runs one of Rescind's own statements with nothing around it. */
export async function query<Row>(pool: Pool, statement: Statement, values: Record<string, unknown>): Promise<Row[]> {
  const { name, text } = statement;
  return (await pool.query({ name, text, values: arrange(statement, values) })).rows as Row[];
}
