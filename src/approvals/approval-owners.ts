import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';
import { type RecallBy } from './prepare';

/** Whom approvals belong to: a tenant, or a user or relying party of one. */
export interface ApprovalOwner {
  readonly tenantId: string;
  readonly userId?: string;
  readonly clientId?: string;
}

/** Recalls all that is open of one kind and belongs to an owner that has just been deleted, on this connection. */
export type RecallOfOwner = (owner: ApprovalOwner, by: RecallBy, client: ClientBase) => Promise<void>;

/** Deletes owners. No approval vanishes with its owner: what is open is recalled. */
@Injectable()
export class ApprovalOwners {
  private readonly kinds: RecallOfOwner[] = [];

  constructor(private readonly statements: Statements) {}

  /** Says how a kind of approval is recalled by owner; to be called while modules initialize. */
  whenDeleted(recall: RecallOfOwner): void {
    this.kinds.push(recall);
  }

  /**
   * Deletes an owner and recalls what is open of it, all or nothing. A beginning locks its owner, so that none slips
   * through between the two.
   * @param remove deletes the owner's row, and answers whether there was one
   * @returns whether there was one
   */
  delete(owner: ApprovalOwner, by: RecallBy, remove: (client: ClientBase) => Promise<boolean>): Promise<boolean> {
    return this.statements.transaction(async (client) => {
      if (!(await remove(client))) return false;
      for (const recall of this.kinds) await recall(owner, by, client);
      return true;
    });
  }
}
