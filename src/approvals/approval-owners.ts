import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { type Target } from './finding';
import { recallBatch, type RecallBy } from './prepare';
import { TargetRecalls } from './target-recalls';

/** How an owner is found and deleted, on the connection of a transaction. */
export interface OwnerDeletion {
  /** Locks its row against beginnings, and says whose approvals end; undefined where there is none. */
  readonly lock: (client: ClientBase) => Promise<Target | undefined>;
  readonly remove: (client: ClientBase) => Promise<void>;
}

/** Deletes those whom approvals belong to. No approval vanishes with its owner: what is pending is recalled. */
@Injectable()
export class ApprovalOwners {
  constructor(
    private readonly statements: Statements,
    private readonly recalls: TargetRecalls,
  ) {}

  /**
   * Recalls what is pending of an owner, and deletes the owner in the transaction that finds no more than it can end
   * itself. What is more comes before, a batch in a transaction, so that each is short.
   * @returns whether there was such an owner
   */
  async delete(tenantId: string, by: RecallBy, { lock, remove }: OwnerDeletion): Promise<boolean> {
    let step;
    do
      step = await this.statements.transaction(async (client) => {
        const target = await lock(client);
        if (target === undefined) return 'not-found';
        const ended = await this.recalls.recall(tenantId, target, by, { size: recallBatch }, client);
        if (ended.length >= recallBatch) return 'more';
        await remove(client);
        return 'deleted';
      });
    while (step === 'more');
    return step === 'deleted';
  }
}
