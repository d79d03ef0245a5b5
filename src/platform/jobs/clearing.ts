import { type Statement, statement } from '../database/statement';

/**
 * SQL that deletes at most `:size` rows of a table for which `over` holds, and answers one row for each.
 * For `inBatches`; rows that another transaction has locked are left for the next time.
 */
export function clearing(name: string, table: string, over: string): Statement {
  return statement(
    name,
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${over} LIMIT :size FOR UPDATE SKIP LOCKED))
     RETURNING 1`,
  );
}
