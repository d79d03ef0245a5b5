import { randomInt, randomUUID } from 'node:crypto';
import { otpLifecycle } from '../../src/otp/otp.lifecycle';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { contradictions, type Claim } from '../support/history-checker';
import { behindProxy, type MadeOtp, OtpClient, wrong } from '../support/otp-client';
import { codeOf } from '../support/otp-codes';
import { openApplication, type TestApplication } from '../support/test-app';

const rounds = 500;
const atOnce = 10;

const rivals = ['verify', 'cancel', 'resend'] as const;

/** What each rival may be answered, by the end that the OTP has found. */
const truths = {
  verified: { verify: ['ok'], cancel: ['OTP_NOT_CANCELABLE'], resend: ['ok', 'OTP_ALREADY_VERIFIED'] },
  cancelled: { verify: ['OTP_CANCELLED'], cancel: ['ok'], resend: ['ok', 'OTP_CANCELLED'] },
  expired: { verify: ['OTP_EXPIRED'], cancel: ['OTP_NOT_CANCELABLE'], resend: ['ok', 'OTP_EXPIRED'] },
} satisfies Record<string, Record<(typeof rivals)[number], string[]>>;

/** An answer over HTTP, as the checker of histories takes it. */
function claimOf(asked: (typeof rivals)[number], moved: boolean, end: string): Claim {
  const before = moved ? 'pending' : end;
  return { asked, outcome: { before, after: end, moved, transition: moved ? asked : null, at: new Date() } };
}

describe('rivals for one OTP, over HTTP through two nodes', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let client: OtpClient;
  beforeAll(async () => {
    application = await openApplication(behindProxy, 2);
    tenant = await registerTenant(application.dataSource);
    client = new OtpClient(application, tenant);
  });
  afterAll(() => application.close());

  const make = async (): Promise<MadeOtp> => {
    const input = { scope: 'otp_signin', method: 'email', recipient: `${randomUUID()}@example.com` };
    const { body } = await client.post('create', input).expect(201);
    const { id } = body.data;
    return {
      id,
      scope: input.scope,
      recipient: input.recipient,
      code: await codeOf(application.dataSource, tenant.id, id),
    };
  };
  const outcomeOf = async (action: string, otp: object): Promise<string> => {
    const { status, body } = await client.post(action, otp);
    return status === 201 ? 'ok' : body.error.code;
  };

  it('200 wrong guesses and the right one: no more are judged than may be, one succeeds at most', async () => {
    for (let round = 0; round < 5; round += 1) {
      const otp = await make();
      const guesses = Array.from({ length: 200 }, () => wrong(otp.code));
      guesses.splice(randomInt(6), 0, otp.code);
      const answers = await Promise.all(guesses.map((code) => client.post('verify', { ...otp, code })));
      const left = answers.map(({ body }) => body.error?.attemptsRemaining).filter((each) => each !== undefined);
      const succeeded = answers.filter(({ status }) => status === 201).length;
      expect(left.length + succeeded).toBeLessThanOrEqual(5);
      expect(new Set(left).size).toBe(left.length);
      expect(succeeded).toBeLessThanOrEqual(1);
      const [row] = await application.dataSource.query<{ attempts: number; judged: number; status: string }[]>(
        `SELECT attempts, status, (SELECT count(*)::int FROM history WHERE approval = id AND seq > 1) AS judged
         FROM otp WHERE id = $1`,
        [otp.id],
      );
      expect(row!.attempts).toBeLessThanOrEqual(5);
      expect(row!.judged).toBe(row!.attempts);
      expect(row!.status).toBe(succeeded === 1 ? 'verified' : 'failed');
    }
  });

  it(`verify, cancel, resend and time, ${rounds} rounds: one end each, and each caller is answered which`, async () => {
    const ends = { verified: 0, cancelled: 0, expired: 0 };
    const round = async (index: number): Promise<void> => {
      const otp = await make();
      // Every third is about to expire, within the time that the rivals take.
      const life = index % 3 === 0 ? randomInt(30) : 600_000;
      await application.dataSource.query(
        `UPDATE otp SET resend_available_at = clock_timestamp(), expires_at = clock_timestamp() + $2 * interval '1 ms'
         WHERE id = $1`,
        [otp.id, life],
      );
      const answers = await Promise.all(rivals.map(async (asked) => ({ asked, answer: await outcomeOf(asked, otp) })));
      const { body } = await client.status(otp.id, otp.scope).expect(201);
      const end = body.data.status as keyof typeof truths;
      for (const { asked, answer } of answers) expect(truths[end][asked]).toContain(answer);
      const key = { tenantId: tenant.id, id: otp.id };
      const claims = answers.map(({ asked, answer }) => claimOf(asked, answer === 'ok', end));
      expect(await contradictions(application.dataSource, otpLifecycle, key, claims)).toEqual([]);
      ends[end] += 1;
    };
    for (let first = 0; first < rounds; first += atOnce)
      await Promise.all(Array.from({ length: atOnce }, (_, index) => round(first + index)));
    // Each has won at times, or they were no rivals.
    expect(Math.min(...Object.values(ends))).toBeGreaterThan(0);
  }, 180_000);
});
