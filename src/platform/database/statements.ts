import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type ClientBase, DatabaseError } from 'pg';
import { DataSource } from 'typeorm';
import { LockQueue } from './lock-queue';
import { outageOf } from './outage';
import { isUseless, poolOf } from './pool';
import { arrange, type Statement } from './statement';

type Values = Readonly<Record<string, unknown>>;

/** Runs named prepared statements, which TypeORM cannot, on the connections of TypeORM's pool. */
@Injectable()
export class Statements {
  private readonly lockQueue: LockQueue;
  /** What waits for the commit of the transaction that a connection is in. */
  private readonly followUps = new WeakMap<ClientBase, (() => void)[]>();

  constructor(private readonly dataSource: DataSource) {
    this.lockQueue = new LockQueue(Math.max(1, Math.floor(poolOf(dataSource).options.max / 3)));
  }

  /**
   * @param values by parameter name: `{ tenantId, id }`
   * @param client the connection of a `transaction`; without it, any of the pool
   * @throws TypeError when a parameter has no value, or a value no parameter
   * @throws DatabaseError (of pg) when the server refuses the statement
   */
  async run<Row>(statement: Statement, values: Values, client?: ClientBase): Promise<Row[]> {
    const { locks } = statement;
    if (locks === undefined || client !== undefined) return this.send(statement, values, client);
    try {
      return await this.send<Row>(locks.atOnce, values);
    } catch (error) {
      if (!isLocked(error)) throw error;
      const row = JSON.stringify([locks.where.text, locks.where.parameters.map((name) => values[name])]);
      return this.lockQueue.run(row, () => this.send(statement, values));
    }
  }

  /** Does `work` once the transaction of `client` is committed; at once without one, since each statement then commits itself. */
  afterCommit(client: ClientBase | undefined, work: () => void): void {
    if (client === undefined) work();
    else this.followUps.get(client)?.push(work);
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
    const followUps: (() => void)[] = [];
    this.followUps.set(client, followUps);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      const { command } = await client.query('COMMIT');
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.');
      for (const followUp of followUps) followUp();
      return result;
    } catch (error) {
      // A lost connection has been rolled back by the server; to ask for it would only mean another wait.
      if (outageOf(error) === 'unknown') broken = error;
      else await client.query('ROLLBACK').catch((lost: unknown) => (broken = lost));
      throw error;
    } finally {
      this.followUps.delete(client);
      // A connection that cannot even roll back must not serve another call.
      client.release(broken instanceof Error ? broken : broken !== undefined);
    }
  }

  private async send<Row>(statement: Statement, values: Values, client?: ClientBase): Promise<Row[]> {
    const query = { name: statement.name, text: statement.text, values: arrange(statement, values) };
    if (client !== undefined) return (await client.query(query)).rows as Row[];
    const connection = await poolOf(this.dataSource).connect();
    let broken: Error | undefined;
    try {
      return (await connection.query(query)).rows as Row[];
    } catch (error) {
      // The pool's own `query` would close the connection after any error, a locked row included.
      broken = error instanceof DatabaseError && !isUseless(error) ? undefined : (error as Error);
      throw error;
    } finally {
      connection.release(broken);
    }
  }
}

/** Whether a lock could not be had: SQLSTATE lock_not_available. */
const isLocked = (error: unknown): boolean => error instanceof DatabaseError && error.code === '55P03';

@Module({})
export class DatabaseModule {
  /** @param dataSource open and migrated; it is closed with the application */
  static register(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        { provide: Statements, useFactory: (source: DataSource) => new Statements(source), inject: [DataSource] },
      ],
      exports: [TypeOrmModule, Statements],
    };
  }
}
