import { once } from 'node:events';
import { pagePolicy, phoneIn, PortalVisitor } from '../../support/portal-visitor';
import { alice, bob, usePortal } from '../../support/portal';
import { callCancel } from '../../support/sign-requests';
import { openNode } from '../../support/test-app';

describe('The portal', () => {
  const portal = usePortal();
  const { begin, stateOf, visitor } = portal;
  const refusal = async (id: string) =>
    (await callCancel(portal.application.url, portal.party, id)).body.error as string | undefined;
  const letPass = (id: string, column: 'expires_at' | 'session_expires_at') =>
    portal.application.dataSource.query(`UPDATE sign_request SET ${column} = clock_timestamp() WHERE id = $1`, [id]);

  it('leads from the login to the signature', async () => {
    const { id, page } = await begin({ doc_name: 'Lease <1>.pdf' });
    const signer = visitor();
    expect((await signer.open(page)).title).toBe('Sign a document');
    const shown = await signer.logIn(page);
    expect(shown.title).toBe('Read before you sign');
    expect(shown.text).toContain('Lease &#60;1&#62;.pdf');
    expect(await refusal('none')).toBe('CLIENT_SIDE_ERROR');

    const session = await signer.press(page, shown, 'proceed');
    expect(session.title).toBe('Sign with your phone');
    expect(await refusal(id)).toBe('ACTIVE_SESSION_ONGOING');

    const phone = phoneIn(session);
    const decision = await signer.logIn(phone);
    const [matchCode] = /\d{4}(?=<\/p>)/.exec(session.text)!;
    expect(decision.text).toContain(`>${matchCode}</p>`);
    expect((await signer.press(phone, decision, 'approve')).title).toBe('Signed');
    const done = await signer.open(page);
    expect(done.title).toBe('Signed');
    expect(done.text).toContain(`href="https://rp.example/done?a=1&#38;request_id=${id}&#38;status=success"`);
    expect(await stateOf(id)).toBe('signed');
    expect(await refusal(id)).toBe('DOCUMENT_ALREADY_SIGNED');
  });

  it('is pending again after a rejection on the phone, or a change of mind at the page', async () => {
    const { id, page } = await begin();
    const signer = visitor();
    const first = await signer.press(page, await signer.logIn(page), 'proceed');
    const phone = phoneIn(first);
    expect((await signer.press(phone, await signer.logIn(phone), 'reject')).title).toBe('Not signed');
    expect(await stateOf(id)).toBe('pending');

    const second = await signer.press(page, await signer.open(page), 'proceed');
    expect((await signer.open(phone)).status).toBe(404);
    expect((await signer.press(page, second, 'withdraw')).title).toBe('Read before you sign');
    expect(await refusal(id)).toBeUndefined();
    expect((await signer.open(page)).title).toBe('Cancelled');
    expect((await signer.open(phoneIn(second))).title).toBe('Cancelled');
  });

  it('closes a session that has been silent too long, and a late approval signs nothing', async () => {
    const { id, page } = await begin();
    const signer = visitor();
    const phone = phoneIn(await signer.press(page, await signer.logIn(page), 'proceed'));
    const decision = await signer.logIn(phone);
    await letPass(id, 'session_expires_at');
    expect((await signer.press(phone, decision, 'approve')).title).toBe('Not signed');
    expect((await signer.open(page)).title).toBe('Read before you sign');
    expect(await refusal(id)).toBeUndefined();
  });

  it('lets a session finish that was opened in time, though the request would have expired since', async () => {
    const { id, page } = await begin();
    const signer = visitor();
    const phone = phoneIn(await signer.press(page, await signer.logIn(page), 'proceed'));
    const decision = await signer.logIn(phone);
    await letPass(id, 'expires_at');
    expect((await signer.press(phone, decision, 'approve')).title).toBe('Signed');
    expect(await refusal(id)).toBe('DOCUMENT_ALREADY_SIGNED');
  });

  it('expires when such a session is rejected', async () => {
    const { id, page } = await begin();
    const signer = visitor();
    const session = await signer.press(page, await signer.logIn(page), 'proceed');
    await letPass(id, 'expires_at');
    expect((await signer.press(page, session, 'withdraw')).title).toBe('Expired');
    expect(await refusal(id)).toBeUndefined();
  });

  it('shows that the request has expired', async () => {
    const { id, page } = await begin();
    await letPass(id, 'expires_at');
    const shown = await visitor().open(page);
    expect(shown.title).toBe('Expired');
    expect(shown.text).toContain(`request_id=${id}&#38;status=cancelled`);
  });

  it.each([
    ['cancelled', 'Cancelled', (id: string) => callCancel(portal.application.url, portal.party, id)],
    ['expired', 'Expired', (id: string) => letPass(id, 'expires_at')],
  ] as const)('answers 410 at every route behind the link of a request that is %s', async (_, title, end) => {
    const { id, page } = await begin();
    const signer = visitor();
    const shown = await signer.logIn(page);
    expect((await signer.open(`${page}/document`)).status).toBe(200);
    await end(id);
    for (const place of ['', '/login', '/document', '/changes?seen=any'])
      expect(await signer.open(page + place)).toMatchObject({ status: 410, title });
    for (const action of ['proceed', 'withdraw'])
      expect(await signer.press(page, shown, action)).toMatchObject({ status: 410, title });
    expect((await visitor().open(`${page}/login`)).status).toBe(410);
  });

  it('gives the document to the signer after their own signature', async () => {
    const { page } = await begin();
    const signer = visitor();
    await signer.sign(page);
    expect((await signer.open(`${page}/document`)).status).toBe(200);
    expect((await visitor(bob).open(`${page}/document`)).status).toBe(404);
  });

  it('asks the simulated person for a name and a well-formed id', async () => {
    const answer = (fields: Record<string, string>) => visitor().post('/identity/simulated', { state: 's', ...fields });
    expect((await answer({ name: '', id: alice.id })).text).toContain('Please give your name.');
    expect((await answer({ name: 'A', id: 'X' })).text).toContain('This is no NRIC or FIN.');
  });

  it('has no script or style in a page itself, which its policy forbids', async () => {
    const { page } = await begin();
    const signer = visitor();
    for (const shown of [await signer.open(page), await signer.logIn(page), await signer.open('/sign/wrong')])
      expect(shown.text).not.toMatch(/<script>|style=|onclick/);
  });

  it('answers every odd request with a page, and never with 5xx', async () => {
    const { page } = await begin();
    const odd: [number, string, string, string?][] = [
      [404, 'GET', `${page}/nowhere`],
      [404, 'GET', '/sign/%00'],
      [400, 'GET', '/sign/%E0%A4%A'],
      [404, 'GET', `/sign/${'x'.repeat(60_000)}`],
      [404, 'GET', `${page}/document`],
      [404, 'GET', '/phone/%2e%2e%2f'],
      [403, 'GET', '/identity/callback?code[]=a&state[a]=b'],
      [405, 'DELETE', page],
      [405, 'POST', page],
      [403, 'POST', `${page}/proceed`, 'token[]=a&token=b'],
      [403, 'POST', `${page}/proceed`, '%'],
      [400, 'POST', `${page}/proceed`, 'x'.repeat(100_000)],
      [303, 'POST', '/identity/simulated', `state=%00&name=A%00%0d%0a&id=S1234567D`],
    ];
    for (const [expectedStatus, method, path, body] of odd) {
      const answer = await fetch(portal.application.url + path, {
        method,
        redirect: 'manual',
        headers: {
          cookie: 'rescind-visitor=a; rescind-attempt=%%;;=',
          'content-type': 'application/x-www-form-urlencoded',
        },
        ...(body !== undefined && { body }),
      });
      const { status, headers } = answer;
      const policy = headers.get('content-security-policy');
      expect({ method, path: path.slice(0, 80), status, type: headers.get('content-type'), policy }).toEqual({
        method,
        path: path.slice(0, 80),
        status: expectedStatus,
        type: 'text/html; charset=utf-8',
        policy: pagePolicy,
      });
    }
    const wrong = await fetch(portal.application.url + page, { method: 'DELETE' });
    expect(wrong.headers.get('allow')).toBe('GET');
  });

  it('answers open pages when its node stops', async () => {
    const { page } = await begin();
    const node = await openNode(portal.application.database, { sandbox: true });
    const [, tag] = /data-seen="([^"]*)"/.exec((await new PortalVisitor(node.url).open(page)).text)!;
    const arrived = once(node.app.getHttpServer(), 'request');
    const waiting = fetch(`${node.url}${page}/changes?seen=${tag}`);
    await arrived;
    await node.close();
    expect((await waiting).status).toBe(204);
  });

  it('serves its scripts and pdf.js, and nothing beside them', async () => {
    const get = async (path: string) => (await fetch(`${portal.application.url}/sign-assets/${path}`)).status;
    for (const path of [
      'portal/portal.css',
      'portal/portal.mjs',
      'portal/document.mjs',
      'pdfjs/legacy/build/pdf.min.mjs',
    ])
      expect({ path, status: await get(path) }).toEqual({ path, status: 200 });
    for (const path of ['portal/..%2fpage.ts', 'pdfjs/..%2f..%2fpackage.json', 'portal/none.css', 'portal/%00'])
      expect({ path, status: await get(path) }).toEqual({ path, status: 404 });
  });
});
