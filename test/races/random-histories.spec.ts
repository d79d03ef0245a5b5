import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type DataSource } from 'typeorm';
import { otpLifecycle, type OtpTransition } from '../../src/otp/otp.lifecycle';
import { type Statement } from '../../src/platform/database/statement';
import { Statements } from '../../src/platform/database/statements';
import { LifecycleEngine } from '../../src/approvals/lifecycle-engine';
import { prepareFor } from '../../src/approvals/prepare';
import { registerTenant } from '../support/fixtures';
import { type ApprovalKey } from '../support/approvals';
import { contradictions, type Claim } from '../support/history-checker';
import { openApplication, type TestApplication } from '../support/test-app';

const prepare = prepareFor(otpLifecycle);

const transitions = Object.keys(otpLifecycle.transitions) as OtpTransition[];
const begin = prepare.begin({
  name: 'race-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: {
    scope: `'otp_signin'`,
    method: `'email'`,
    recipient_hash: ':recipientHash::bytea',
    code_hash: `''`,
    max_attempts: '5',
    expires_at: '_now + make_interval(secs => :lifeSeconds::float8)',
  },
});
const plans = Object.fromEntries(
  transitions.map((transition) => {
    const plan = { name: `race-${transition}`, where: 'tenant_id = :tenantId AND id = :id', transitions: [transition] };
    return [transition, prepare.transition(plan)];
  }),
);

/** An engine whose statements lack what makes them safe: what the suite must notice. */
function brokenEngine(dataSource: DataSource, name: string, breakText: (text: string) => string): LifecycleEngine {
  const statements = new Statements(dataSource);
  const broken = ({ locks, ...each }: Statement): Statement => ({
    ...each,
    name: `${each.name}-${name}`,
    text: breakText(each.text),
    locks: locks && { ...locks, atOnce: broken(locks.atOnce) },
  });
  return new LifecycleEngine({
    run: (each, values, client) => statements.run(broken(each), values, client),
    transaction: (work) => statements.transaction(work),
    afterCommit: (client, work) => {
      statements.afterCommit(client, work);
    },
  } as Statements);
}

describe('rivals on one approval, through two nodes', () => {
  let application: TestApplication;
  let tenantId: string;
  beforeAll(async () => {
    application = await openApplication({}, 2);
    tenantId = (await registerTenant(application.dataSource)).id;
  });
  afterAll(() => application.close());

  /** Lets all rivals loose at once, by turns on both nodes, and answers what contradicts what. */
  const race = async (engines: readonly LifecycleEngine[], rivals: readonly OtpTransition[], lifeSeconds = 600) => {
    const key = { tenantId, id: randomUUID() };
    const recipientHash = Buffer.from(key.id);
    await engines[0]!.begin(begin, { ...key, actor: 'racer', subjects: [], recipientHash, lifeSeconds });
    const claims = await Promise.all(
      rivals.map(async (asked, index) => {
        const engine = engines[index % engines.length]!;
        return { asked, outcome: await engine.transition(plans[asked]!, { ...key, actor: `racer-${index}` }) };
      }),
    );
    return [
      ...(await contradictions(application.dataSource, otpLifecycle, key, claims)),
      ...(await untimely(key, claims)),
    ];
  };

  /** Who moved after its time, or was answered that it had expired before it had. */
  const untimely = async ({ id }: ApprovalKey, claims: readonly Claim[]): Promise<string[]> => {
    const [row] = await application.dataSource.query<{ expiresAt: Date }[]>(
      'SELECT expires_at AS "expiresAt" FROM otp WHERE tenant_id = $1 AND id = $2',
      [tenantId, id],
    );
    return claims.flatMap(({ asked, outcome }) => {
      // Dates here are cut to milliseconds, the database's are not.
      const lateMs = outcome!.at.getTime() - row!.expiresAt.getTime();
      if (lateMs > 1 && outcome!.before === 'pending') return [`${asked} found it pending after its time`];
      return lateMs < -1 && outcome!.before === 'expired' ? [`${asked} found it expired before its time`] : [];
    });
  };

  it('leave it with exactly one life, whatever they do', async () => {
    const engines = application.nodes.map(({ app }) => app.get(LifecycleEngine));
    const rivals = fc.array(fc.constantFrom(...transitions), { minLength: 2, maxLength: 12 });
    const lives = fc.constantFrom(600, 0.004, 0);
    await fc.assert(
      fc.asyncProperty(rivals, lives, async (asked, lifeSeconds) => {
        expect(await race(engines, asked, lifeSeconds)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('would be caught if the engine did not look at the state it leads from', async () => {
    const anywhere = (text: string) => text.replace(/_before IN \([^)]*\)/g, 'true');
    const engines = application.nodes.map(({ dataSource }) => brokenEngine(dataSource, 'anywhere', anywhere));
    expect(await race(engines, ['cancel', 'verify', 'exhaust'])).toContainEqual(expect.stringMatching(/^it ended/));
  });

  it('would be caught if the engine did not look at the clock', async () => {
    const timeless = (text: string) =>
      text.replace(/CASE WHEN expires_at <= \S+ THEN 'expired' ELSE 'pending' END/g, `'pending'`);
    const engines = application.nodes.map(({ dataSource }) => brokenEngine(dataSource, 'timeless', timeless));
    expect(await race(engines, ['cancel', 'verify'], -1)).toContainEqual(expect.stringMatching(/after its time/));
  });

  it('would be stopped by the history if the engine did not lock', async () => {
    const unlocked = (text: string) => text.replace(/FOR UPDATE OF otp( NOWAIT)?/, '');
    const engines = application.nodes.map(({ dataSource }) => brokenEngine(dataSource, 'unlocked', unlocked));
    const rounds = async () => {
      for (let round = 0; round < 200; round += 1) await race(engines, ['cancel', 'verify', 'cancel', 'verify']);
    };
    await expect(rounds()).rejects.toThrow(/duplicate key value violates unique constraint/);
  });
});
