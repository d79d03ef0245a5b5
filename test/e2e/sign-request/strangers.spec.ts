import { createHash } from 'node:crypto';
import { Visitors } from '../../../src/sign-request/identity/visitors';
import { type Browser } from '../../../src/platform/http/browser';
import { phoneIn, type PortalVisitor, tokenIn } from '../../support/portal-visitor';
import { alice, bob, usePortal } from '../../support/portal';
import { tracesOf } from '../../support/traces';

const hashOf = ({ id }: { id: string }) => createHash('sha256').update(id).digest('hex');

describe('Others at the portal', () => {
  const portal = usePortal();
  const { begin, stateOf, visitor } = portal;
  /** What the forms of this page would carry for this visitor, though none was shown to them. */
  const tokenFor = async (of: PortalVisitor, page: string): Promise<string> => {
    const visitors = portal.application.nodes[0]!.app.get(Visitors);
    const asking = { cookies: of.cookiesFor(page) } as Browser;
    return visitors.formToken(page, (await visitors.find(asking, page))!);
  };

  it('is locked to who was identified first', async () => {
    const { id, page } = await begin();
    await visitor(alice).logIn(page);
    const other = visitor(bob);
    const shown = await other.logIn(page);
    expect(shown.title).toBe('This document is not for you');
    expect(shown.text).toContain(`request_id=${id}&#38;status=cancelled`);
    expect((await other.open(`${page}/document`)).status).toBe(404);
    expect((await visitor(alice).logIn(page)).title).toBe('Read before you sign');
  });

  it('lets only the intended person in, however the hash is written', async () => {
    const { page } = await begin({ signer_uin_hash: hashOf(bob).toUpperCase() });
    expect((await visitor(alice).logIn(page)).title).toBe('This document is not for you');
    expect((await visitor(bob).logIn(page)).title).toBe('Read before you sign');
  });

  it('gives the session only to the person who opened it', async () => {
    const { id, page } = await begin();
    const signer = visitor(alice);
    const phone = phoneIn(await signer.press(page, await signer.logIn(page), 'proceed'));
    const other = visitor(bob);
    const shown = await other.logIn(phone);
    expect(shown.title).toBe('This document is not for you');
    expect((await other.press(phone, shown, 'approve')).title).toBe('This document is not for you');
    expect(await stateOf(id)).toBe('signing');
  });

  it('lets no other person withdraw, proceed or decide, with any form', async () => {
    const { id, page } = await begin();
    const signer = visitor(alice);
    const phone = phoneIn(await signer.press(page, await signer.logIn(page), 'proceed'));
    const other = visitor(bob);
    await other.logIn(page);
    await other.logIn(phone);
    const before = await tracesOf(portal.application.dataSource, 'sign_request', id);
    for (const [place, action] of [
      [page, 'withdraw'],
      [page, 'proceed'],
      [phone, 'reject'],
      [phone, 'approve'],
    ] as const) {
      const token = await tokenFor(other, place);
      expect((await other.post(`${place}/${action}`, { token })).title).toBe('This document is not for you');
      expect(await tracesOf(portal.application.dataSource, 'sign_request', id)).toEqual(before);
    }
  });

  it('shows the same page for every unknown link', async () => {
    const wrong = await visitor().open('/sign/wrong');
    const strange = await visitor().open(`/sign/${'A'.repeat(43)}`);
    const phone = await visitor().open(`/phone/${'A'.repeat(43)}`);
    for (const { status, text } of [wrong, strange, phone]) {
      expect(status).toBe(404);
      expect(text).toBe(wrong.text);
    }
    expect(wrong.title).toBe('This did not work');
  });

  it('takes no form without the token of this person on this page', async () => {
    const [one, other] = [await begin(), await begin()];
    const signer = visitor();
    const foreign = tokenIn(await signer.logIn(other.page));
    await signer.logIn(one.page);
    for (const token of ['', 'nonsense', foreign]) {
      const { status } = await signer.post(`${one.page}/proceed`, { token });
      expect({ token, status }).toEqual({ token, status: 403 });
    }
    expect((await visitor().post(`${one.page}/proceed`, { token: foreign })).status).toBe(403);
    expect(await stateOf(one.id)).toBe('pending');
  });

  it('does not take the answer to another login', async () => {
    const { page } = await begin();
    const [one, other] = [visitor(alice), visitor(bob)];
    await one.open(`${page}/login`);
    const login = await other.open(`${page}/login`);
    const [, state] = /name="state" value="([^"]*)"/.exec(login.text)!;
    expect((await one.post('/identity/simulated', { state: state!, ...bob })).status).toBe(403);
    expect((await visitor().open('/identity/callback?state=a&code=b')).status).toBe(403);
  });

  it('refuses an answer that no login gave', async () => {
    const person = visitor();
    const login = await person.open(`${(await begin()).page}/login`);
    const [, state] = /name="state" value="([^"]*)"/.exec(login.text)!;
    expect((await person.open(`/identity/callback?state=${state}&code=AAAA`)).status).toBe(403);
  });
});
