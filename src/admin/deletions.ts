import { Injectable } from '@nestjs/common';
import { Registry } from '../accounts/tenants/registry';
import { People } from '../accounts/people/people';
import { ApprovalOwners } from '../approvals/approval-owners';
import { type Target } from '../approvals/finding';
import { statement, type Statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { AdminRefusal } from './admin.answers';

const tenant = statement('admin-delete-tenant', 'DELETE FROM tenant WHERE id = :tenantId RETURNING id');
const user = statement(
  'admin-delete-user',
  'DELETE FROM tenant_user WHERE tenant_id = :tenantId AND user_id = :userId RETURNING user_id',
);
const relyingParty = statement(
  'admin-delete-relying-party',
  'DELETE FROM relying_party WHERE tenant_id = :tenantId AND client_id = :clientId RETURNING client_id',
);

/** Deletes those whom approvals belong to. What is open of them is recalled; approvals and history stay. */
@Injectable()
export class Deletions {
  constructor(
    private readonly statements: Statements,
    private readonly owners: ApprovalOwners,
    private readonly people: People,
    private readonly registry: Registry,
  ) {}

  /** @throws AdminRefusal NOT_FOUND */
  tenant(tenantId: string): Promise<void> {
    return this.delete(tenant, { tenantId }, { tenant: true }, 'tenant deleted');
  }

  /** All that hangs on the person is recalled, by whatever it is found. @throws AdminRefusal NOT_FOUND */
  async user(tenantId: string, userId: string): Promise<void> {
    const person = await this.people.keysOf(tenantId, { userId });
    await this.delete(user, { tenantId, userId }, { person }, 'user deleted');
  }

  /** @throws AdminRefusal NOT_FOUND */
  relyingParty(tenantId: string, clientId: string): Promise<void> {
    return this.delete(relyingParty, { tenantId, clientId }, { relyingParty: clientId }, 'relying party deleted');
  }

  private async delete(
    remove: Statement,
    row: { readonly tenantId: string; readonly userId?: string; readonly clientId?: string },
    target: Target,
    reason: string,
  ): Promise<void> {
    const by = { actor: 'admin', reason };
    const deleted = await this.owners.delete(row.tenantId, target, by, async (client) => {
      return (await this.statements.run(remove, row, client)).length > 0;
    });
    if (!deleted) throw new AdminRefusal('NOT_FOUND');
    this.registry.forget();
  }
}
