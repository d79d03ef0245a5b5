import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { type Target } from './finding';
import { recallBatch, type RecallBy } from './prepare';
import { TargetRecalls } from './target-recalls';

/** Deletes those whom approvals belong to. No approval vanishes with its owner: what is open is recalled. */
@Injectable()
export class ApprovalOwners {
  constructor(
    private readonly statements: Statements,
    private readonly recalls: TargetRecalls,
  ) {}

  /**
   * Deletes an owner and recalls what is open of it, all or nothing. A beginning locks its owner, so that none slips
   * through between the two.
   * @param target the owner's approvals
   * @param remove deletes the owner's row, and answers whether there was one
   * @returns whether there was one
   */
  delete(
    tenantId: string,
    target: Target,
    by: RecallBy,
    remove: (client: ClientBase) => Promise<boolean>,
  ): Promise<boolean> {
    return this.statements.transaction(async (client) => {
      if (!(await remove(client))) return false;
      let outcomes;
      do outcomes = await this.recalls.recall(tenantId, target, by, { size: recallBatch }, client);
      while (outcomes.some(({ moved }) => moved));
      return true;
    });
  }
}
