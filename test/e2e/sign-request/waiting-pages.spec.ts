import request from 'supertest';
import { Statements } from '../../../src/platform/database/statements';
import { StateWatch } from '../../../src/sign-request/portal/state-watch';
import { eventually } from '../../support/eventually';
import { usePortal } from '../../support/portal';
import { phoneIn, PortalVisitor, type Shown } from '../../support/portal-visitor';
import { callCancel } from '../../support/sign-requests';
import { testAdminToken } from '../../support/test-app';

/** Far less than a page waits where nothing happens, which is 25 s. */
const soonMs = 5_000;

describe('A page that waits at one node', () => {
  const portal = usePortal(2);
  const { begin } = portal;
  /** Where pages wait; the person, the relying party and the operator are at the first node. */
  const there = () => portal.application.nodes[1]!;
  /** The names of the statements by which the second node has asked for sign requests, and of all others. */
  const asked = { forPages: [] as string[], others: [] as string[] };
  let waits: jest.SpyInstance;
  beforeAll(() => {
    waits = jest.spyOn(there().app.get(StateWatch), 'changed');
    const statements = there().app.get(Statements);
    const run = statements.run.bind(statements);
    jest.spyOn(statements, 'run').mockImplementation((statement, ...others) => {
      const isForPages = statement.text.includes('link_hash') || statement.text.includes('session_hash');
      (isForPages ? asked.forPages : asked.others).push(statement.name);
      return run(statement, ...others);
    });
  });

  /** Goes on once the page, as it was shown, waits at the second node. */
  const wait = async (page: string, { text }: Shown) => {
    const [, seen] = /data-seen="([^"]*)"/.exec(text)!;
    const before = waits.mock.calls.length;
    const since = performance.now();
    const answer = fetch(`${there().url}${page}/changes?seen=${seen!}`);
    const noticed = answer.then(({ status }) => ({ status, waitedMs: performance.now() - since }));
    await eventually(() => Promise.resolve(waits.mock.calls.length > before));
    return { noticed };
  };
  const isNoticedSoon = async ({ noticed }: Awaited<ReturnType<typeof wait>>) => {
    const { status, waitedMs } = await noticed;
    expect(status).toBe(204);
    expect(waitedMs).toBeLessThan(soonMs);
  };
  const proceed = async () => {
    const { id, page } = await begin();
    const signer = portal.visitor();
    const session = await signer.press(page, await signer.logIn(page), 'proceed');
    return { id, page, signer, session, phone: phoneIn(session) };
  };
  const cancel = (id: string) => callCancel(portal.application.url, portal.party, id);
  const titleOf = async (page: string) => (await new PortalVisitor(there().url).open(page)).title;

  it('is answered when a person is identified and opens a session on another node', async () => {
    const { page } = await begin();
    const signer = portal.visitor();
    const first = await wait(page, await signer.open(page));
    const shown = await signer.logIn(page);
    await isNoticedSoon(first);
    const second = await wait(page, shown);
    await signer.press(page, shown, 'proceed');
    await isNoticedSoon(second);
  });

  it.each(['reject', 'approve'] as const)('is answered when the phone sends %s to another node', async (decision) => {
    const { page, signer, session, phone } = await proceed();
    const shown = await signer.logIn(phone);
    const waiting = [await wait(page, session), await wait(phone, shown)];
    await signer.press(phone, shown, decision);
    for (const each of waiting) await isNoticedSoon(each);
  });

  it('is answered when the relying party cancels on another node', async () => {
    const { id, page } = await begin();
    const waiting = await wait(page, await portal.visitor().open(page));
    expect((await cancel(id)).status).toBe(200);
    await isNoticedSoon(waiting);
    expect(await titleOf(page)).toBe('Cancelled');
  });

  it.each([
    ['the request expires', 'expires_at', 'Expired'],
    ['the session expires', 'session_expires_at', 'Sign a document'],
  ])('is answered when %s, which no node notices', async (_, column, title) => {
    const { id, page, session, phone, signer } = await proceed();
    if (column === 'expires_at') await signer.press(page, session, 'withdraw');
    await portal.application.dataSource.query(
      `UPDATE sign_request SET ${column} = clock_timestamp() + interval '2 seconds' WHERE id = $1`,
      [id],
    );
    const shown = await signer.open(page);
    const waiting = [await wait(page, shown)];
    if (column === 'session_expires_at') waiting.push(await wait(phone, await signer.logIn(phone)));
    for (const each of waiting) await isNoticedSoon(each);
    expect(await titleOf(page)).toBe(title);
  });

  it("is answered when the approvals' clock is moved past the end on another node", async () => {
    const { page } = await begin();
    const waiting = await wait(page, await portal.visitor().open(page));
    const moveClock = (offsetSeconds: number) =>
      request(portal.application.url).post('/sandbox/clock').send({ offsetSeconds }).expect(200);
    await moveClock(3600);
    await isNoticedSoon(waiting);
    await moveClock(0);
  });

  it('is answered when the connection that listens is lost, and the notice with it', async () => {
    const { id, page } = await begin();
    const waiting = await wait(page, await portal.visitor().open(page));
    // A change without a notice.
    await portal.application.dataSource.query('UPDATE sign_request SET expires_at = clock_timestamp() WHERE id = $1', [
      id,
    ]);
    const lost = await portal.application.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN wake_up'`,
    );
    expect(lost).toHaveLength(2);
    await isNoticedSoon(waiting);
  });

  it('costs no statement while nothing happens, and one when something did', async () => {
    const { id, page } = await begin();
    const shown = await portal.visitor().open(page);
    const waiting = [];
    for (let count = 0; count < 20; count += 1) waiting.push(await wait(page, shown));
    // Then each page has asked for what it shows, as often as it will.
    await eventually(() => Promise.resolve(asked.forPages.length >= 2 * waiting.length));
    asked.forPages.length = 0;
    asked.others.length = 0;
    // The node's own loops ask the database about once a second.
    await eventually(() => Promise.resolve(timesOfTheMostFrequent(asked.others) >= 4));
    expect(asked.forPages).toEqual([]);

    await cancel(id);
    for (const each of waiting) await isNoticedSoon(each);
    expect(asked.forPages).toHaveLength(waiting.length);
  });

  it('is answered when the relying party is deleted on another node', async () => {
    const { page, session, phone, signer } = await proceed();
    const waiting = [await wait(page, session), await wait(phone, await signer.logIn(phone))];
    const { clientId } = portal.party;
    const [{ tenantId }] = await portal.application.dataSource.query(
      'SELECT tenant_id AS "tenantId" FROM relying_party WHERE client_id = $1',
      [clientId],
    );
    await request(portal.application.url)
      .delete(`/admin/v1/tenants/${tenantId}/relying-parties/${clientId}`)
      .auth(testAdminToken, { type: 'bearer' })
      .expect(204);
    for (const each of waiting) await isNoticedSoon(each);
    for (const { url } of portal.application.nodes)
      for (const path of [page, phone]) expect((await new PortalVisitor(url).open(path)).title).toBe('Cancelled');
  });
});

function timesOfTheMostFrequent(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => names.filter((each) => each === name).length));
}
