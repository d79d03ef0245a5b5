import { type DataSource } from 'typeorm';
import { type ApprovalOwners } from '../approvals/approval-owners';
import { type ApprovalsClock } from '../approvals/approvals-clock';
import { type StartCheck } from '../platform/server-part';

/** A sandbox's credentials are public, and a moved clock ends approvals before their time. */
export const sandboxLeftovers: StartCheck = async (dataSource) => {
  const found = await findLeftovers(dataSource);
  if (found === undefined) return [];
  return [`This database was a sandbox: it holds ${found}. Remove them with: npm run sandbox:purge`];
};

/** What a sandbox has left in this database, in one line; undefined where there is nothing. */
export async function findLeftovers(dataSource: DataSource): Promise<string | undefined> {
  const [found] = await dataSource.query<{ tenants: string[]; keys: string[]; aheadSeconds: number }[]>(`
    SELECT ARRAY(SELECT id FROM tenant WHERE sandbox ORDER BY id) AS tenants,
           ARRAY(SELECT name FROM sandbox_key ORDER BY name) AS keys,
           (SELECT EXTRACT(epoch FROM advance)::int FROM approval_clock) AS "aheadSeconds"
  `);
  const { tenants = [], keys = [], aheadSeconds = 0 } = found ?? {};
  const parts = [
    ...tenants.map((id) => `the tenant ${id}`),
    ...(keys.length > 0 ? [`the sandbox keys (${keys.join(', ')})`] : []),
    ...(aheadSeconds !== 0 ? [`a clock that is ${aheadSeconds} s ahead`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const by = { actor: 'sandbox:purge', reason: 'sandbox purged' };

/**
 * Removes what a sandbox has left: its tenants with all that is theirs, its keys, its inbox. The clock is put right first, so that
 * what has ended by it stays ended; what is pending is recalled. History stays. The ids of its tenants are not retired: it may
 * be a sandbox again.
 */
export async function purgeLeftovers(
  dataSource: DataSource,
  clock: ApprovalsClock,
  owners: ApprovalOwners,
): Promise<void> {
  await clock.move(0);
  const tenants = await dataSource.query<{ id: string }[]>('SELECT id FROM tenant WHERE sandbox');
  for (const { id } of tenants)
    await owners.delete(id, by, {
      subject: 'tenant',
      lock: async (client) => {
        const { rowCount } = await client.query('SELECT FROM tenant WHERE id = $1 AND sandbox FOR UPDATE', [id]);
        return rowCount === 1 ? { tenant: true } : undefined;
      },
      remove: async (client) => {
        await client.query('DELETE FROM tenant WHERE id = $1', [id]);
      },
    });
  await dataSource.transaction(async (manager) => {
    await manager.query('DELETE FROM sandbox_key');
    await manager.query('DELETE FROM inbox_message');
  });
}
