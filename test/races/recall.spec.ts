import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import { People } from '../../src/accounts/people/people';
import { apis } from '../../src/apis';
import { registerTenant, type TestTenant } from '../support/fixtures';
import { generousThrottles } from '../support/operators';
import { behindProxy, OtpClient } from '../support/otp-client';
import { RecallDesk, type ToldApproval } from '../support/recalls';
import { callInitiate, initiate, TestSigner } from '../support/sign-requests';
import { accessToken, startBody, TestBackend } from '../support/signatures';
import { generousLimits, openApplication, testAdminToken, type TestApplication } from '../support/test-app';
import { TestDevice } from '../support/test-device';

jest.setTimeout(240_000);

const roundsOfEach = 100;
const lanes = 5;
const message = 'Pay 12.50 EUR to Bob';

/** A person of one round, by everything that she is known by. */
const personOf = (round: number) => ({
  userId: `user-${round}`,
  email: `user-${round}@example.com`,
  telephone: `+659${String(1_000_000 + round)}`,
  signer: `S${String(1_000_000 + round)}D`,
});
type Person = ReturnType<typeof personOf>;
const identifiers = ['userId', 'email', 'telephone', 'signer'] as const;

/** What an approval's own rival of the recall would make of it, and whether it has. */
interface Ending {
  readonly id: string;
  readonly end: string;
  readonly play: () => Promise<boolean>;
}

/** What would begin: its id once it has, undefined where it was refused. */
type Beginning = () => Promise<string | undefined>;

describe('A recall of a person against all else, through two nodes', () => {
  let application: TestApplication;
  let tenant: TestTenant;
  let otps: OtpClient;
  let backends: readonly TestBackend[];
  beforeAll(async () => {
    application = await openApplication({ ...behindProxy, sandbox: true, ...generousThrottles, ...generousLimits }, 2);
    tenant = await registerTenant(application.dataSource);
    otps = new OtpClient(application, tenant);
    const token = await accessToken(application.url, tenant);
    backends = application.nodes.map(({ url }) => new TestBackend(url, tenant.id, token));
  });
  afterAll(() => application.close());

  const uinHash = ({ signer }: Person) => createHash('sha256').update(signer).digest('hex');

  const endings: Record<'sign' | 'decide' | 'verify', (person: Person) => Promise<Ending>> = {
    sign: async (person) => {
      const claims = { signer_uin_hash: uinHash(person) };
      const initiated = await initiate(application.url, tenant.relyingParty, claims);
      const [node] = application.nodes;
      const { signerHash } = await node!.app.get(People).keysOf(tenant.id, { userId: person.userId });
      const signer = new TestSigner(node!, initiated, signerHash!);
      await signer.proceed();
      return { id: initiated.request_id, end: 'signed', play: () => signer.approve() };
    },
    decide: async ({ userId }) => {
      const device = await TestDevice.plant(application.dataSource, application.url, tenant.id, userId);
      const start = startBody({ callbackUrl: '', deviceId: device.id, signatureMessage: message });
      const { transactionId: id } = start;
      // Without a callback it is answered when the transaction has ended.
      void backends[0]!.start(start, userId).then(() => undefined);
      await device.fetch(30);
      return { id, end: 'confirmed', play: async () => (await device.confirm(id, message)).status === 200 };
    },
    verify: async ({ email: recipient }) => {
      const { id, scope, code } = await otps.make({ recipient });
      // Until it is used up, what is verified is recalled too.
      const play = async () => {
        await otps.post('verify', { id, scope, code });
        return (await otps.post('consume', { id, scope })).status === 201;
      };
      return { id, end: 'consumed', play };
    },
  };

  /** At both nodes. */
  const beginnings: Record<'start' | 'create', (person: Person) => Beginning[]> = {
    start: ({ userId }) =>
      backends.map((backend) => async () => {
        const body = startBody();
        const { status } = await backend.start(body, userId);
        expect([200, 403]).toContain(status);
        return status === 200 ? body.transactionId : undefined;
      }),
    create: (person) => [
      ...[
        { scope: 'otp_signin', method: 'email', recipient: person.email },
        { scope: 'otp_signin', method: 'sms', recipient: person.telephone },
      ].map((wanted) => async () => {
        const { status, body } = await otps.post('create', wanted);
        expect([201, 403]).toContain(status);
        return status === 201 ? (body.data.id as string) : undefined;
      }),
      async () => {
        const url = application.nodes[1]!.url;
        const { status, body } = await callInitiate(url, tenant.relyingParty, { signer_uin_hash: uinHash(person) });
        expect([200, 403]).toContain(status);
        return status === 200 ? (body.request_id as string) : undefined;
      },
    ],
  };

  /** How long the last recall took: on a busy machine, rivals that come at fixed times would always win, or never. */
  let recallMs = 40;
  const meanwhile = () => pause(Math.random() * 2 * recallMs);

  /** The person of a round, registered; she is recalled by turns by each identifier, and in every second round frozen. */
  const meet = async (round: number) => {
    const person = personOf(round);
    await request(application.url)
      .post(`/admin/v1/tenants/${tenant.id}/users`)
      .auth(testAdminToken, { type: 'bearer' })
      .send(person)
      .expect(201);
    const by = identifiers[round % identifiers.length]!;
    const desk = new RecallDesk(application.nodes[round % 2]!.url, tenant);
    const freezes = round % 8 >= 4;
    const recall = async (): Promise<{ approvals: ToldApproval[]; begunAt: string }> => {
      const begunMs = performance.now();
      const freeze = freezes ? { freezeSeconds: 600 } : {};
      const { body } = await desk.post({ target: { person: { [by]: person[by] } }, ...freeze }).expect(200);
      recallMs = performance.now() - begunMs;
      return body;
    };
    return { person, freezes, recall };
  };

  /** When an approval began, and the ends that its history has. */
  const lifeOf = async (id: string) => {
    const rows = await application.dataSource.query<{ kind: string; to: string; reason: string | null; at: Date }[]>(
      'SELECT kind, "to", reason, at FROM history WHERE tenant_id = $1 AND approval = $2 ORDER BY seq',
      [tenant.id, id],
    );
    const { lifecycle } = apis.find(({ lifecycle: { approval } }) => approval === rows[0]!.kind)!;
    return { begunAt: rows[0]!.at, ends: rows.filter(({ to }) => lifecycle.terminal.includes(to)) };
  };

  const inLanes = async (play: (round: number) => Promise<void>, from: number) => {
    const lane = async (_: unknown, index: number) => {
      for (let round = index; round < roundsOfEach; round += lanes) await play(from + round);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };

  it.each(Object.entries(endings))('against %s has one winner, and tells which', async (name, prepare) => {
    const wins = { recall: 0, rival: 0 };
    await inLanes(
      async (round) => {
        const { person, recall } = await meet(round);
        const { id, end, play } = await prepare(person);
        const rival = meanwhile().then(play);
        const [{ approvals }, hasWon] = await Promise.all([recall(), rival]);
        const after = hasWon ? end : 'cancelled';
        expect((await lifeOf(id)).ends).toEqual([
          expect.objectContaining({ to: after, reason: hasWon ? null : 'tried' }),
        ]);
        expect(approvals).toEqual([expect.objectContaining({ id, after, ended: !hasWon })]);
        wins[hasWon ? 'rival' : 'recall'] += 1;
      },
      Object.keys(endings).indexOf(name) * roundsOfEach,
    );
    expect(Math.min(wins.recall, wins.rival)).toBeGreaterThan(0);
  });

  it.each(Object.entries(beginnings))(
    'against %s ends what began before it, and a freeze leaves none',
    async (name, of) => {
      const met = { ended: 0, later: 0, refused: 0 };
      await inLanes(
        async (round) => {
          const { person, freezes, recall } = await meet(round);
          const rivals = of(person).map((begin) => meanwhile().then(begin));
          const [{ approvals, begunAt }, ...ids] = await Promise.all([recall(), ...rivals]);
          for (const id of ids) {
            const told = approvals.find((each) => each.id === id);
            if (id === undefined) {
              expect(freezes).toBe(true);
              met.refused += 1;
            } else if (told !== undefined) {
              expect(told).toMatchObject({ after: 'cancelled', ended: true });
              expect((await lifeOf(id)).ends).toMatchObject([{ to: 'cancelled', reason: 'tried' }]);
              met.ended += 1;
            } else {
              const life = await lifeOf(id);
              expect({ freezes, ends: life.ends }).toEqual({ freezes: false, ends: [] });
              expect(life.begunAt.getTime()).toBeGreaterThanOrEqual(Date.parse(begunAt));
              met.later += 1;
            }
          }
        },
        (Object.keys(endings).length + Object.keys(beginnings).indexOf(name)) * roundsOfEach,
      );
      expect(Math.min(met.ended, met.later, met.refused)).toBeGreaterThan(0);
    },
  );
});
