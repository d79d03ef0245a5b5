import { registerTenant, type TestRelyingParty } from '../../support/fixtures';
import { phoneIn, PortalVisitor, type Shown, tokenIn } from '../../support/portal-visitor';
import { callCancel, initiate } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const cookiesOf = ({ headers }: Response): string[] => headers.getSetCookie();

describe('A visit at the portal', () => {
  let application: TestApplication;
  let party: TestRelyingParty;
  beforeAll(async () => {
    application = await openApplication({ sandbox: true }, 2);
    ({ relyingParty: party } = await registerTenant(application.dataSource));
  });
  afterAll(() => application.close());

  const begin = async (at = application, asking = party) => {
    const { request_id: id, signing_url } = await initiate(at.url, asking);
    return { id, page: new URL(signing_url).pathname };
  };
  const open = (path: string, cookie: string, node = 0): Promise<Response> =>
    fetch(application.nodes[node]!.url + path, { headers: { cookie } });
  const titleOf = async (answer: Response) => /<h1[^>]*>([^<]*)</.exec(await answer.text())?.[1];
  const logOut = (signer: PortalVisitor, page: string, shown: Shown) => signer.press(page, shown, 'logout');

  it('is kept over plain http in a cookie that is sealed and named for its page', async () => {
    const { page } = await begin();
    const redirect = await fetch(`${application.url}${page}/login`, { redirect: 'manual' });
    expect(cookiesOf(redirect)).toEqual([
      expect.stringMatching(
        /^rescind-attempt-[\w-]{16}=[\w-]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      ),
    ]);
  });

  it('is kept over https in a cookie that no other host can set, and that is refused under another name', async () => {
    const own = await openApplication({ sandbox: true, publicUrl: 'https://sign.example' });
    const { relyingParty } = await registerTenant(own.dataSource);
    const { page } = await begin(own, relyingParty);
    const redirect = await fetch(`${own.url}${page}/login`, { redirect: 'manual' });
    expect(cookiesOf(redirect)).toEqual([
      expect.stringMatching(
        /^__Host-rescind-attempt-[\w-]{16}=[\w-]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    const signer = new PortalVisitor(own.url);
    expect((await signer.logIn(page)).title).toBe('Read before you sign');
    const cookie = signer.cookiesFor(page);
    expect(cookie).toMatch(/^__Host-rescind-visitor-[\w-]{16}=[\w-]+$/);
    const shownWith = async (given: string) => titleOf(await fetch(own.url + page, { headers: { cookie: given } }));
    expect(await shownWith(cookie)).toBe('Read before you sign');
    expect(await shownWith(cookie.replace('__Host-', ''))).toBe('Sign a document');
    await own.close();
  });

  it('is for one page, beside those for others', async () => {
    const [one, other] = [await begin(), await begin()];
    const signer = new PortalVisitor(application.url);
    await signer.logIn(one.page);
    expect((await signer.open(other.page)).title).toBe('Sign a document');
    await signer.logIn(other.page);
    for (const { page } of [one, other]) expect((await signer.open(page)).title).toBe('Read before you sign');
  });

  it('ends with the log-out, on every node, also where its cookie is kept', async () => {
    const { page } = await begin();
    const signer = new PortalVisitor(application.url);
    const shown = await signer.logIn(page);
    const kept = signer.cookiesFor(page);
    expect(await titleOf(await open(page, kept, 1))).toBe('Read before you sign');

    expect((await logOut(signer, page, shown)).title).toBe('Sign a document');
    expect(signer.cookiesFor(page)).toBe('');
    for (const node of [0, 1]) {
      expect(await titleOf(await open(page, kept, node))).toBe('Sign a document');
      expect((await open(`${page}/document`, kept, node)).status).toBe(404);
    }
    const form = { method: 'POST', body: new URLSearchParams({ token: tokenIn(shown) }), headers: { cookie: kept } };
    expect((await fetch(`${application.url}${page}/proceed`, form)).status).toBe(403);

    // The request is theirs still.
    expect((await signer.logIn(page)).title).toBe('Read before you sign');
  });

  it('takes its open sign session with it', async () => {
    const { id, page } = await begin();
    const signer = new PortalVisitor(application.url);
    const session = await signer.press(page, await signer.logIn(page), 'proceed');
    expect((await callCancel(application.url, party, id)).body.error).toBe('ACTIVE_SESSION_ONGOING');
    expect((await logOut(signer, page, session)).title).toBe('Sign a document');
    expect((await signer.open(phoneIn(session))).title).toBe('Not signed');
    expect((await callCancel(application.url, party, id)).status).toBe(200);
  });

  it('ends on a phone without a decision, and once all is signed', async () => {
    const { page } = await begin();
    const signer = new PortalVisitor(application.url);
    const phone = phoneIn(await signer.press(page, await signer.logIn(page), 'proceed'));
    expect((await logOut(signer, phone, await signer.logIn(phone))).title).toBe('Confirm who you are');
    expect((await signer.press(phone, await signer.logIn(phone), 'approve')).title).toBe('Signed');
    const signed = await signer.open(page);
    expect(signed.title).toBe('Signed');
    expect((await signer.open(`${page}/document`)).status).toBe(200);
    await logOut(signer, page, signed);
    expect((await signer.open(`${page}/document`)).status).toBe(404);
  });

  it('is not ended by another site', async () => {
    const { page } = await begin();
    const signer = new PortalVisitor(application.url);
    await signer.logIn(page);
    expect((await signer.post(`${page}/logout`, {})).status).toBe(403);
    expect((await signer.post(`${page}/logout`, { token: 'a' })).status).toBe(403);
    expect((await signer.open(`${page}/logout`)).status).toBe(405);
    expect((await signer.open(page)).title).toBe('Read before you sign');
  });
});
