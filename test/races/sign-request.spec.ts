import { eventually } from '../support/eventually';
import { registerTenant, type TestRelyingParty } from '../support/fixtures';
import { contradictions } from '../support/history-checker';
import { startNodeProcess } from '../support/node-process';
import { phoneIn, PortalVisitor, type Shown } from '../support/portal-visitor';
import { Receiver } from '../support/receiver';
import { callCancel, initiate } from '../support/sign-requests';
import { generousLimits, openApplication, type TestApplication } from '../support/test-app';
import { signRequestLifecycle } from '../../src/sign-request/sign-request.lifecycle';

const rounds = 300;
/** Rounds that are under way at the same time. */
const abreast = 10;

/** What there is of a request. */
interface Found {
  readonly id: string;
  readonly status: string;
  readonly signed: number;
  readonly deliveries: number;
}

/** A person at the page whose document is shown, or whose phone asks for the decision. */
interface Person {
  readonly id: string;
  readonly page: string;
  readonly visitor: PortalVisitor;
  readonly shown: Shown;
}

describe('A signature against a cancel, through two nodes', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let party: TestRelyingParty;
  let tenantId: string;
  beforeAll(async () => {
    receiver = await Receiver.open();
    application = await openApplication({ sandbox: true, allowPrivateTargets: true, ...generousLimits }, 2);
    ({ relyingParty: party, id: tenantId } = await registerTenant(application.dataSource));
    await application.dataSource.query('UPDATE relying_party SET webhook_url = $1', [`${receiver.url}/hook`]);
  });
  afterAll(async () => {
    await application.close();
    await receiver.close();
  });

  const cancelAt = async (url: string, id: string) =>
    (await callCancel(url, party, id)).body.error as string | undefined;
  const atDocument = async (url: string): Promise<Person> => {
    const { request_id: id, signing_url } = await initiate(application.url, party);
    const visitor = new PortalVisitor(url);
    const page = new URL(signing_url).pathname;
    return { id, page, visitor, shown: await visitor.logIn(page) };
  };
  const atDecision = async (url: string): Promise<{ desk: Person; phone: Person }> => {
    const person = await atDocument(url);
    const desk = { ...person, shown: await person.visitor.press(person.page, person.shown, 'proceed') };
    const page = phoneIn(desk.shown);
    return { desk, phone: { ...desk, page, shown: await desk.visitor.logIn(page) } };
  };
  const press = ({ visitor, page, shown }: Person, action: string) => visitor.press(page, shown, action);

  const look = async (ids: readonly string[]): Promise<Found[]> =>
    application.dataSource.query(
      `SELECT id, status,
         (SELECT count(*)::int FROM sign_document WHERE sign_request_id = r.id AND version = 'signed') AS signed,
         (SELECT count(*)::int FROM delivery WHERE approval_id = r.id) AS deliveries
       FROM sign_request r WHERE id = ANY($1)`,
      [ids],
    );
  const broken = async (found: readonly Found[]): Promise<string[]> => {
    const seen = await Promise.all(
      found.map(({ id }) => contradictions(application.dataSource, signRequestLifecycle, { tenantId, id }, [])),
    );
    // What callers were answered is not counted here, so a transition that was made is no news.
    const histories = seen.flat().filter((each) => !each.includes('callers were answered'));
    const halves = found.filter(({ status, signed, deliveries }) => {
      const expected = status === 'signed' ? 1 : 0;
      return signed !== expected || deliveries !== expected;
    });
    return [
      ...histories,
      ...halves.map((each) => `${each.status} with ${each.signed} documents, ${each.deliveries} deliveries`),
    ];
  };
  const repeat = async (round: (index: number) => Promise<string>): Promise<Found[]> => {
    const ids: string[] = [];
    for (let index = 0; index < rounds; index += abreast)
      ids.push(...(await Promise.all(Array.from({ length: abreast }, (_, each) => round(index + each)))));
    return look(ids);
  };
  const count = (found: readonly Found[], status: string) => found.filter((each) => each.status === status).length;

  it('Proceed against cancel: one of them, each time', async () => {
    const found = await repeat(async (index) => {
      const person = await atDocument(application.nodes[index % 2]!.url);
      const [shown, refused] = await Promise.all([
        press(person, 'proceed'),
        cancelAt(application.nodes[(index + 1) % 2]!.url, person.id),
      ]);
      expect([shown.title, refused]).toEqual(
        refused === undefined ? ['Cancelled', undefined] : ['Sign with your phone', 'ACTIVE_SESSION_ONGOING'],
      );
      return person.id;
    });
    expect(await broken(found)).toEqual([]);
    expect(count(found, 'cancelled') + count(found, 'signing')).toBe(rounds);
  }, 180_000);

  it('two persons identified at once: the request is locked to one of them', async () => {
    const persons = [
      { name: 'Alice Tan', id: 'S1111111A' },
      { name: 'Bob Lim', id: 'S2222222B' },
    ];
    for (let index = 0; index < rounds; index += abreast) {
      const race = async () => {
        const { signing_url } = await initiate(application.url, party);
        const page = new URL(signing_url).pathname;
        const arrivals = persons.map((person, place) =>
          new PortalVisitor(application.nodes[place]!.url, person).logIn(page),
        );
        const titles = (await Promise.all(arrivals)).map(({ title }) => title);
        expect(titles.sort()).toEqual(['Read before you sign', 'This document is not for you']);
      };
      await Promise.all(Array.from({ length: abreast }, race));
    }
  }, 180_000);

  it('Approve and a change of mind against cancels: one end, and all of it or nothing', async () => {
    const found = await repeat(async (index) => {
      const [here, there] = [application.nodes[index % 2]!.url, application.nodes[(index + 1) % 2]!.url];
      const { desk, phone } = await atDecision(here);
      const attempts = { over: false };
      const approval = press(phone, 'approve').finally(() => (attempts.over = true));
      const minds: Promise<unknown>[] = [approval];
      // Signing takes a while; the change of mind comes earlier or later in it, between the cancels.
      for (let asked = 0; !attempts.over; asked += 1) {
        if (asked === index % 6) minds.push(press(desk, 'withdraw'));
        await cancelAt(asked % 2 === 0 ? there : here, desk.id);
      }
      await Promise.all(minds);
      return desk.id;
    });
    expect(await broken(found)).toEqual([]);
    const cancelled = found.filter(({ status }) => status === 'cancelled').map(({ id }) => id);
    const told = receiver.calls.map(({ body }) => body);
    expect(cancelled.length).toBeGreaterThan(0);
    expect(count(found, 'signed')).toBeGreaterThan(0);
    const hooks = told.map(
      (body) => JSON.parse(atob(body.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))).request_id,
    );
    expect(hooks.filter((id) => cancelled.includes(id))).toEqual([]);
  }, 180_000);

  it('killed in the midst of signing: a signature is whole or not there, and what is not signed can be cancelled', async () => {
    for (const soFar of [0, 1, 6]) {
      const doomed = await startNodeProcess(application.database);
      const phones = await Promise.all(Array.from({ length: 12 }, () => atDecision(doomed.url)));
      const approvals = phones.map(({ phone }) => press(phone, 'approve').catch(() => undefined));
      await eventually(async () => count(await look(phones.map(({ desk }) => desk.id)), 'signed') >= soFar);
      await doomed.kill();
      await Promise.all(approvals);

      const ids = phones.map(({ desk }) => desk.id);
      expect(await broken(await look(ids))).toEqual([]);
      await application.dataSource.query(
        `UPDATE sign_request SET session_expires_at = clock_timestamp() WHERE id = ANY($1)`,
        [ids],
      );
      const refusals = await Promise.all(ids.map((id) => cancelAt(application.url, id)));
      const after = await look(ids);
      expect(await broken(after)).toEqual([]);
      expect(count(after, 'signed')).toBe(refusals.filter((each) => each === 'DOCUMENT_ALREADY_SIGNED').length);
      expect(count(after, 'cancelled')).toBe(refusals.filter((each) => each === undefined).length);
      expect(count(after, 'signed') + count(after, 'cancelled')).toBe(ids.length);
    }
  }, 120_000);
});
