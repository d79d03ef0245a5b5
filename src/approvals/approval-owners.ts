import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { type Target } from './finding';
import { Freezes } from './freezes';
import { recallBatch, type RecallBy } from './prepare';
import { TargetRecalls } from './target-recalls';

/** How an owner is found and deleted, on the connection of a transaction. */
export interface OwnerDeletion {
  /** The owner, as beginnings name it (`subjectsOf`). */
  readonly subject: string;
  /** Locks its row, and says whose approvals end; undefined where there is none. */
  readonly lock: (client: ClientBase) => Promise<Target | undefined>;
  readonly remove: (client: ClientBase) => Promise<void>;
}

/** Deletes those whom approvals belong to. No approval vanishes with its owner: what is pending is recalled. */
@Injectable()
export class ApprovalOwners {
  constructor(
    private readonly statements: Statements,
    private readonly recalls: TargetRecalls,
    private readonly freezes: Freezes,
  ) {}

  /**
   * Deletes an owner and recalls what is pending of it, all or nothing; what begins for the owner comes before, or not at
   * all. What is more than that should hold up is recalled before, a batch in a transaction.
   * @returns whether there was such an owner
   */
  async delete(tenantId: string, by: RecallBy, { subject, lock, remove }: OwnerDeletion): Promise<boolean> {
    const find = async (client: ClientBase) => {
      await this.freezes.hold(tenantId, [subject], client);
      return lock(client);
    };
    let isMore;
    do
      isMore = await this.statements.transaction(async (client) => {
        const target = await find(client);
        if (!target || !(await this.recalls.arePendingBeyond(recallBatch, tenantId, target, client))) return false;
        await this.recalls.recall(tenantId, target, by, { size: recallBatch }, client);
        return true;
      });
    while (isMore);
    return this.statements.transaction(async (client) => {
      const target = await find(client);
      if (target === undefined) return false;
      // Devices go with their users, and decisions lock a device before its approval.
      await remove(client);
      let outcomes;
      do outcomes = await this.recalls.recall(tenantId, target, by, { size: recallBatch }, client);
      while (outcomes.some(({ moved }) => moved));
      return true;
    });
  }
}
