import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { outageOf } from './outage';
import { poolOf } from './pool';
import { arrange, type Statement } from './statement';

/** Runs named prepared statements, which TypeORM cannot, on the connections of TypeORM's pool. */
@Injectable()
export class Statements {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param values by parameter name: `{ tenantId, id }`
   * @param client the connection of a `transaction`; without it, any of the pool
   * @throws TypeError when a parameter has no value, or a value no parameter
   * @throws DatabaseError (of pg) when the server refuses the statement
   */
  async run<Row>(statement: Statement, values: Readonly<Record<string, unknown>>, client?: ClientBase): Promise<Row[]> {
    const query = { name: statement.name, text: statement.text, values: arrange(statement, values) };
    const { rows } = await (client ?? poolOf(this.dataSource)).query(query);
    return rows as Row[];
  }

  /**
   * Runs all of `work` or nothing of it, on one connection.
   *
   * @throws what `work` throws, after the rollback
   * @throws Error when `work` kept silent about a statement that failed: the server has then rolled back
   */
  async transaction<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const client = await poolOf(this.dataSource).connect();
    let broken: unknown;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.');
      return result;
    } catch (error) {
      // A lost connection has been rolled back by the server; to ask for it would only mean another wait.
      if (outageOf(error) === 'unknown') broken = error;
      else await client.query('ROLLBACK').catch((lost: unknown) => (broken = lost));
      throw error;
    } finally {
      // A connection that cannot even roll back must not serve anybody else.
      client.release(broken instanceof Error ? broken : broken !== undefined);
    }
  }
}
