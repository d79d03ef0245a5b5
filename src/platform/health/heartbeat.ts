import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { statement } from '../database/statement';
import { Statements } from '../database/statements';

/** Rows of nodes that have long gone go with it. */
const beat = statement(
  'heartbeat',
  `WITH gone AS (DELETE FROM heartbeat WHERE at < clock_timestamp() - interval '1 hour' AND node <> :node)
   INSERT INTO heartbeat (node, at) VALUES (:node, clock_timestamp()) ON CONFLICT (node) DO UPDATE SET at = excluded.at`,
);

/** This node's row, whose writing proves that the database takes writes. */
@Injectable()
export class Heartbeat {
  private readonly node = randomUUID();
  private beating: Promise<unknown> | undefined;

  constructor(private readonly statements: Statements) {}

  /**
   * Writes the row. Probes that come at the same time share one write, so that they cannot use the pool up.
   * @throws Error of the driver when the database cannot be written
   */
  async beat(): Promise<void> {
    await (this.beating ??= this.statements.run(beat, { node: this.node }).finally(() => (this.beating = undefined)));
  }
}
