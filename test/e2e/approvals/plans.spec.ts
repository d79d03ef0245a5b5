import { Client } from 'pg';
import { apis } from '../../../src/apis';
import { ApprovalSearch, type Search } from '../../../src/approvals/approval-search';
import { ApprovalKinds } from '../../../src/approvals/finding';
import { type Statement, arrange } from '../../../src/platform/database/statement';
import { type Statements } from '../../../src/platform/database/statements';
import { personHash, plantMany } from '../../support/many-approvals';
import { createTestDatabase, type TestDatabase } from '../../support/database';

jest.setTimeout(240_000);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  /** Of each loop, as is what a filter removes. */
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

const tables = ['otp', 'signature', 'sign_request'];

/** Of each kind, in each of two tenants. */
const planted = 60_000;

const limit = 101;

describe('The plans of a search, made without knowing its values', () => {
  let database: TestDatabase;
  let client: Client;
  let hash: Buffer;
  let device: string;
  const tenantId = 'large';
  beforeAll(async () => {
    database = await createTestDatabase();
    database.leaveUnchecked();
    client = new Client({ connectionString: database.url });
    await client.connect();
    for (const each of [tenantId, 'other']) await plantMany(client, each, planted);
    const { rows: hashes } = await client.query<{ hash: Buffer }>(`SELECT ${personHash(`'7'`)} AS hash`);
    hash = hashes[0]!.hash;
    await client.query(`INSERT INTO tenant (id) VALUES ($1)`, [tenantId]);
    await client.query(`INSERT INTO tenant_user (tenant_id, user_id) VALUES ($1, 'person-7')`, [tenantId]);
    const { rows: devices } = await client.query<{ id: string }>(
      `INSERT INTO device (tenant_id, user_id, public_jwk) VALUES ($1, 'person-7', '{}') RETURNING id`,
      [tenantId],
    );
    device = devices[0]!.id;
    await client.query('ANALYZE device');
    await client.query('SET plan_cache_mode = force_generic_plan');
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const explain = async (of: Statement, values: Readonly<Record<string, unknown>>): Promise<Plan> => {
    const prepared = `"${of.name}"`;
    await client.query(`PREPARE ${prepared} AS ${of.text}`);
    const given = arrange(of, values).map(literal).join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${prepared} (${given})`,
    );
    await client.query(`DEALLOCATE ${prepared}`);
    return rows[0]!['QUERY PLAN'][0].Plan;
  };

  /** What one search had the database do. */
  const plansOf = async (search: Omit<Search, 'tenantId' | 'limit'>): Promise<Plan[]> => {
    const plans: Plan[] = [];
    const recording = {
      run: async (of: Statement, values: Readonly<Record<string, unknown>>) => {
        plans.push(await explain(of, values));
        return [];
      },
    };
    const searched = new ApprovalSearch(new ApprovalKinds(apis), recording as unknown as Statements);
    await searched.find({ tenantId, limit, ...search });
    return plans;
  };

  const person = () => ({ userId: 'person-7', emailHash: hash, telephoneHash: null, signerHash: hash });
  const targets = {
    tenant: () => ({ tenant: true }) as const,
    person: () => ({ person: person() }),
    relyingParty: () => ({ relyingParty: 'party-7' }),
    client: () => ({ client: 'client-7' }),
    device: () => ({ device }),
    endedBy: () => ({ endedBy: 'clock' }),
    approval: () => ({ approval: 'otp-7' }),
  };
  const states = [undefined, 'open', 'ended', 'expired', 'failed', 'signing'];
  const after = {
    begunAt: new Date(Date.now() - planted * 500).toISOString().replace('Z', '000Z'),
    id: 'm',
    kind: 'otp',
  };
  const from = new Date(Date.now() - planted * 900);

  it.each(
    (Object.keys(targets) as (keyof typeof targets)[]).flatMap((target) =>
      states.map((state) => [target, state] as const),
    ),
  )('by %s in the state %s reads by an index, and no more than it needs', async (target, state) => {
    for (const bounds of [{}, { after, from }]) {
      const plans = await plansOf({ target: targets[target](), state, ...bounds });
      if (state === undefined) expect(plans.length).toBeGreaterThan(0);
      for (const plan of plans) {
        const nodes = flat(plan);
        const scanned = nodes.filter((node) => tables.includes(node['Relation Name'] ?? ''));
        expect(scanned.length).toBeGreaterThan(0);
        for (const node of scanned) {
          expect(node['Node Type']).toBe('Index Scan');
          // One more shows that no other began at the same instant as the last.
          expect(node['Actual Rows']).toBeLessThanOrEqual(limit + 1);
          // What is stored as open is looked at for what time has ended.
          expect(node['Rows Removed by Filter'] ?? 0).toBeLessThanOrEqual(planted / 100);
        }
        expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(1_000);
      }
    }
  });
});

const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  if (value instanceof Date) return `'${value.toISOString()}'`;
  return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${value as string | number}'`;
}
