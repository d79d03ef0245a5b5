import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../platform/database/statements';

/** Whom approvals belong to: a tenant, or a user or relying party of one. */
export interface ApprovalOwner {
  readonly tenantId: string;
  readonly userId?: string;
  readonly clientId?: string;
}

/** Cancels all that is open of one kind and belongs to an owner that has just been deleted, on this connection. */
export type DisownApprovals = (owner: ApprovalOwner, actor: string, client: ClientBase) => Promise<void>;

/** Deletes owners. No approval vanishes with its owner: what is open is cancelled by a transition, and told as such. */
@Injectable()
export class ApprovalOwners {
  private readonly kinds: DisownApprovals[] = [];

  constructor(private readonly statements: Statements) {}

  /** Says how a kind of approval is cancelled by owner; to be called while modules initialize. */
  whenDeleted(disown: DisownApprovals): void {
    this.kinds.push(disown);
  }

  /**
   * Deletes an owner and cancels what is open of it, all or nothing. A beginning locks its owner, so that none slips
   * through between the two.
   * @param remove deletes the owner's row, and answers whether there was one
   * @returns whether there was one
   */
  delete(owner: ApprovalOwner, actor: string, remove: (client: ClientBase) => Promise<boolean>): Promise<boolean> {
    return this.statements.transaction(async (client) => {
      if (!(await remove(client))) return false;
      for (const disown of this.kinds) await disown(owner, actor, client);
      return true;
    });
  }
}
