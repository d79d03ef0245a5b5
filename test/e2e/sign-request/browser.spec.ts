import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Browser, type Page } from 'playwright-core';
import request from 'supertest';
import { openBrowser, openPage, picture } from '../../support/browser';
import { registerTenant, type TestRelyingParty } from '../../support/fixtures';
import { readMadeByOthers } from '../../support/pdf/made-by-others';
import { describeWith } from '../../support/programs';
import { Receiver } from '../../support/receiver';
import { callCancel, callInitiate, type Initiated } from '../../support/sign-requests';
import { openApplication, type TestApplication } from '../../support/test-app';

const locations = [
  { x: 0.12, y: 0.45, page: 1 },
  { x: 0.55, y: 0.6, page: 1 },
];

describeWith(['chromium'], 'The portal in Chromium', () => {
  let application: TestApplication;
  let receiver: Receiver;
  let party: TestRelyingParty;
  let browser: Browser;
  const complaints: string[] = [];
  beforeAll(async () => {
    receiver = await Receiver.open();
    application = await openApplication({ sandbox: true, allowPrivateTargets: true }, 2);
    ({ relyingParty: party } = await registerTenant(application.dataSource));
    await application.dataSource.query(
      `UPDATE relying_party SET name = 'Acme Rentals', redirect_url = $1, webhook_url = $2`,
      [`${receiver.url}/back`, `${receiver.url}/hook`],
    );
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await application.close();
    await receiver.close();
  });
  beforeEach(() => {
    complaints.length = 0;
  });
  afterEach(() => Promise.all(browser.contexts().map((each) => each.close())));

  const desk = () => openPage(browser, 'desk', complaints);
  const phone = () => openPage(browser, 'phone', complaints);
  const begin = async (): Promise<Initiated> => {
    const claims = { doc_name: 'Lease.pdf', sign_locations: locations };
    const { body } = await callInitiate(application.url, party, claims, readMadeByOthers('libreoffice.pdf'));
    return body;
  };
  const cancel = async (id: string) => (await callCancel(application.url, party, id)).body.error as string | undefined;
  /** A link as it is here: the configured public address is not where this test listens. */
  const here = (url: string, node = 0) => application.nodes[node]!.url + new URL(url).pathname;
  const moveClock = (offsetSeconds: number) =>
    request(application.nodes[1]!.url).post('/sandbox/clock').send({ offsetSeconds }).expect(200);
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  /** With the keyboard alone. */
  const logIn = async (page: Page, name = 'Tan Ah Kow', id = 'S1234567D') => {
    await page.getByRole('link', { name: 'Log in' }).press('Enter');
    await page.getByLabel('Name').pressSequentially(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
  };
  const readDocument = async (page: Page) => {
    await heading(page, 'Read before you sign');
    await page.locator('#document[data-shown] canvas').first().waitFor();
  };
  const proceed = async (page: Page): Promise<string> => {
    await page.getByRole('button', { name: 'Proceed to Sign' }).press('Enter');
    await heading(page, 'Sign with your phone');
    return (await page.getByRole('link', { name: 'Sign on this device' }).getAttribute('href'))!;
  };

  it('follows what happens: a session, its rejection, and the cancel after it', async () => {
    const { request_id, signing_url } = await begin();
    const page = await desk();
    await page.goto(here(signing_url));
    await heading(page, 'Sign a document');
    await picture(page, 'sign-a-document');
    await page.getByRole('link', { name: 'Log in' }).focus();
    await logIn(page);
    await readDocument(page);
    expect(await page.locator('.box').count()).toBe(2);
    expect(await page.locator('.sheet .unseen').first().textContent()).toMatch(/^Page 1: .+/);
    await picture(page, 'read-before-you-sign');

    const phoneUrl = await proceed(page);
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    const matchCode = await page.locator('.match-code').textContent();
    await picture(page, 'sign-with-your-phone');
    expect(await cancel(request_id)).toBe('ACTIVE_SESSION_ONGOING');

    // The phone talks to the other node.
    const other = await phone();
    await other.goto(here(phoneUrl, 1));
    await logIn(other);
    await heading(other, 'Do you want to sign?');
    expect(await other.locator('.match-code').textContent()).toBe(matchCode);
    await picture(other, 'do-you-want-to-sign');
    await other.getByRole('button', { name: 'Reject' }).click();
    await heading(other, 'Not signed');

    await readDocument(page);
    expect(await cancel(request_id)).toBeUndefined();
    await heading(page, 'Cancelled');
    expect(await page.getByRole('status').textContent()).toBe('Cancelled');
    await picture(page, 'cancelled');
    // Chromium notes in its console that the page was renewed by an answer of 410.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('410 (Gone)')]);
  });

  it('is over with the log-out, and begins again with the next login', async () => {
    const { signing_url } = await begin();
    const page = await desk();
    await page.goto(here(signing_url));
    await logIn(page);
    await readDocument(page);
    await page.getByRole('button', { name: 'Log out' }).press('Enter');
    await heading(page, 'Sign a document');
    await page.reload();
    await heading(page, 'Sign a document');
    await logIn(page);
    await readDocument(page);
  });

  it('leads to the signature, and back to the relying party', async () => {
    const { request_id, signing_url, exchange_code } = await begin();
    const page = await phone();
    await page.goto(here(signing_url));
    await picture(page, 'sign-a-document-phone');
    await page.getByRole('link', { name: 'Log in' }).click();
    await heading(page, 'Who are you?');
    await picture(page, 'who-are-you-phone');
    await page.goBack();
    await logIn(page);
    await readDocument(page);
    await picture(page, 'read-before-you-sign-phone');
    const phoneUrl = await proceed(page);

    const other = await phone();
    await other.goto(here(phoneUrl, 1));
    await logIn(other);
    await other.getByRole('button', { name: 'Approve' }).click();
    await heading(other, 'Signed');
    await picture(other, 'signed-phone');
    await heading(page, 'Signed');
    await page.waitForURL(`${receiver.url}/back?request_id=${request_id}&status=success`);

    const [call] = await receiver.received('/hook');
    const { token } = JSON.parse(call!.body) as { token: string };
    const keys = createRemoteJWKSet(new URL(`${application.url}/.well-known/keys.json`));
    const { payload } = await jwtVerify(token, keys);
    expect(payload).toMatchObject({ request_type: 'signed_doc_url', request_id });
    expect(await cancel(request_id)).toBe('DOCUMENT_ALREADY_SIGNED');

    const { body } = await request(application.url)
      .get(`/api/v3/sign-requests/${request_id}/signed-doc`)
      .set('authorization', await party.token({ exchange_code, jti: randomUUID() }))
      .expect(200);
    const document = await request(new URL(here(body.signed_doc_url as string)).origin)
      .get(new URL(body.signed_doc_url as string).pathname)
      .buffer(true);
    expect((document.body as Buffer).toString('latin1')).toContain('/ETSI.CAdES.detached');
    expect(complaints).toEqual([]);
  });

  it('shows a person who is not meant the way back, and the same page for any wrong link', async () => {
    const { signing_url } = await begin();
    const first = await desk();
    await first.goto(here(signing_url));
    await logIn(first);
    await readDocument(first);
    const page = await desk();
    await page.goto(here(signing_url, 1));
    await logIn(page, 'Somebody Else', 'S7654321Z');
    await heading(page, 'This document is not for you');
    await picture(page, 'not-for-you');
    const back = await page.getByRole('link', { name: 'Back to Acme Rentals' }).getAttribute('href');
    expect(back).toMatch(/status=cancelled$/);

    await page.goto(`${application.url}/sign/wrong`);
    await heading(page, 'This did not work');
    await picture(page, 'this-did-not-work');
    expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
  });

  it('shows at once that the time is over', async () => {
    const { signing_url } = await begin();
    const page = await desk();
    await page.goto(here(signing_url));
    await heading(page, 'Sign a document');
    await moveClock(3600);
    await heading(page, 'Expired');
    await moveClock(0);
    await picture(page, 'expired');
    // Chromium notes in its console that the page was renewed by an answer of 410.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('410 (Gone)')]);
  });
});
