import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Registry } from '../accounts/tenants/registry';
import { type RetiredId } from '../accounts/tenants/retired-id.entity';
import { People } from '../accounts/people/people';
import { subjectOfClient } from '../accounts/tokens/access-tokens';
import { ApprovalOwners } from '../approvals/approval-owners';
import { type Target } from '../approvals/finding';
import { type RecallBy } from '../approvals/prepare';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { AdminRefusal } from './admin.answers';

/** Rows of what is registered, as SQL: `id` is the tenant within which the id is unique, if it is, and the id. */
interface Registered {
  readonly kind: RetiredId['kind'];
  readonly table: string;
  readonly where: string;
  readonly id: string;
}

/** What is registered below it comes before the lock, or finds nothing. */
const lock = ({ kind, table, where }: Registered) =>
  statement(`admin-lock-${kind}`, `SELECT true AS found FROM ${table} WHERE ${where} FOR UPDATE`);

const retire = ({ kind, table, where, id }: Registered, name = `admin-retire-${kind}`) =>
  statement(name, `INSERT INTO retired_id (kind, tenant_id, id) SELECT '${kind}', ${id} FROM ${table} WHERE ${where}`);

const remove = ({ kind, table, where }: Registered) =>
  statement(`admin-delete-${kind}`, `DELETE FROM ${table} WHERE ${where}`);

const deletionOf = (registered: Registered) => ({
  lock: lock(registered),
  steps: [retire(registered), remove(registered)],
});

const byClient = 'tenant_id = :tenantId AND client_id = :clientId';
const parties = { kind: 'relying-party', table: 'relying_party', where: byClient, id: `'', client_id` } as const;

const relyingParty = deletionOf(parties);
const oauthClient = deletionOf({
  kind: 'oauth-client',
  table: 'oauth_client',
  where: byClient,
  id: 'tenant_id, client_id',
});
const user = deletionOf({
  kind: 'user',
  table: 'tenant_user',
  where: 'tenant_id = :tenantId AND user_id = :userId',
  id: 'tenant_id, user_id',
});
const tenantAlone = deletionOf({ kind: 'tenant', table: 'tenant', where: 'id = :tenantId', id: `'', id` });
const tenant = {
  ...tenantAlone,
  steps: [retire({ ...parties, where: 'tenant_id = :tenantId' }, 'admin-retire-relying-parties'), ...tenantAlone.steps],
};

interface Key {
  readonly tenantId: string;
  readonly userId?: string;
  readonly clientId?: string;
}

/**
 * Deletes those whom approvals belong to, or who began them. What is pending of them is recalled; approvals and history
 * stay, and their ids are not given again.
 */
@Injectable()
export class Deletions {
  constructor(
    private readonly statements: Statements,
    private readonly owners: ApprovalOwners,
    private readonly people: People,
    private readonly registry: Registry,
  ) {}

  /** @throws AdminRefusal NOT_FOUND */
  tenant(tenantId: string, actor: string): Promise<void> {
    return this.delete(tenant, { tenantId }, { actor, reason: 'tenant deleted' }, 'tenant', () => ({ tenant: true }));
  }

  /** All that hangs on the person is recalled, by whatever it is found. @throws AdminRefusal NOT_FOUND */
  user(tenantId: string, userId: string, actor: string): Promise<void> {
    return this.delete(
      user,
      { tenantId, userId },
      { actor, reason: 'user deleted' },
      `user:${userId}`,
      async (client) => {
        return { person: await this.people.keysOf(tenantId, { userId }, client) };
      },
    );
  }

  /** @throws AdminRefusal NOT_FOUND */
  relyingParty(tenantId: string, clientId: string, actor: string): Promise<void> {
    const by = { actor, reason: 'relying party deleted' };
    return this.delete(relyingParty, { tenantId, clientId }, by, `relying-party:${clientId}`, () => ({
      relyingParty: clientId,
    }));
  }

  /** @throws AdminRefusal NOT_FOUND */
  oauthClient(tenantId: string, clientId: string, actor: string): Promise<void> {
    const by = { actor, reason: 'OAuth client deleted' };
    return this.delete(oauthClient, { tenantId, clientId }, by, subjectOfClient(clientId), () => ({
      client: clientId,
    }));
  }

  private async delete(
    { lock, steps }: ReturnType<typeof deletionOf>,
    key: Key,
    by: RecallBy,
    subject: string,
    targetOf: (client: ClientBase) => Target | Promise<Target>,
  ): Promise<void> {
    const deleted = await this.owners.delete(key.tenantId, by, {
      subject,
      lock: async (client) => {
        const [found] = await this.statements.run<object>(lock, { ...key }, client);
        return found && targetOf(client);
      },
      remove: async (client) => {
        for (const step of steps) await this.statements.run(step, { ...key }, client);
      },
    });
    if (!deleted) throw new AdminRefusal('NOT_FOUND');
    this.registry.forget();
  }
}
