import { randomUUID } from 'node:crypto';
import { type DataSource } from 'typeorm';
import { type Lifecycle } from '../../src/approvals/lifecycle';

/** Names one approval. */
export interface ApprovalKey {
  readonly tenantId: string;
  readonly id: string;
}

interface RequiredColumn {
  readonly name: string;
  readonly type: string;
}

const fillings: Readonly<Record<string, string>> = {
  text: `'x'`,
  integer: '1',
  boolean: 'false',
  bytea: `decode(replace(gen_random_uuid()::text, '-', ''), 'hex')`,
  uuid: 'gen_random_uuid()',
  jsonb: `'{}'`,
  ARRAY: `'{}'`,
  'timestamp with time zone': `clock_timestamp() + interval '1 hour'`,
};

/** Has all approvals that are planted; until their first transition they have no history. */
export const plantedTenant = 'matrix';

/** Puts an approval straight into a state, with whatever its other columns demand. Only tests write `status` so. */
export async function plantApproval(
  dataSource: DataSource,
  life: Lifecycle,
  status: string,
  columns: Readonly<Record<string, string>> = {},
): Promise<ApprovalKey> {
  const key = { tenantId: plantedTenant, id: randomUUID() };
  await dataSource.query(`INSERT INTO tenant (id) VALUES ($1) ON CONFLICT DO NOTHING`, [key.tenantId]);
  await dataSource.query(`INSERT INTO tenant_user (tenant_id, user_id) VALUES ($1, 'x') ON CONFLICT DO NOTHING`, [
    key.tenantId,
  ]);
  const required = await dataSource.query<RequiredColumn[]>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL`,
    [life.approval],
  );
  const values: Record<string, string> = Object.fromEntries(required.map(({ name, type }) => [name, filling(type)]));
  Object.assign(values, { tenant_id: '$1', id: '$2', status: '$3', revision: '0' }, columns);
  await dataSource.query(
    `INSERT INTO ${life.approval} (${Object.keys(values).join(', ')}) VALUES (${Object.values(values).join(', ')})`,
    [key.tenantId, key.id, status],
  );
  return key;
}

function filling(type: string): string {
  const value = fillings[type];
  if (value === undefined) throw new Error(`plantApproval does not know how to fill a column of type ${type}`);
  return value;
}
