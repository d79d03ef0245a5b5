import { type Browser, type Locator, type Page } from 'playwright-core';
import { openBrowser, openPage } from '../support/browser';
import { describeWith } from '../support/programs';
import { openApplication, testAdminToken, type TestApplication } from '../support/test-app';

describeWith(['chromium'], 'Swagger UI', () => {
  let application: TestApplication;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  beforeAll(async () => {
    application = await openApplication({ sandbox: true });
    browser = await openBrowser();
    page = await openPage(browser, 'desk', complaints);
    page.on('request', (request) => {
      if (!request.url().startsWith(application.url) && !request.url().startsWith('data:'))
        elsewhere.push(request.url());
    });
  });
  beforeEach(() => page.goto(`${application.url}/docs`));
  afterAll(async () => {
    await browser.close();
    await application.close();
  });

  const choose = async (title: string): Promise<void> => {
    await page.getByLabel('Select a definition').selectOption(title);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  };

  const authorize = async (scheme: string, value: string): Promise<void> => {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    const form = dialog.locator('.auth-container', { has: page.getByText(scheme, { exact: true }) });
    await form.locator('input').fill(value);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await dialog.locator('.close-modal').click();
  };

  /** Opens an operation and plays *Try it out* with its example, or with another body; resolves to what was answered. */
  const tryOut = async (operationId: string, body?: object): Promise<{ status: string; body: string }> => {
    const operation = page.locator(`[id$="-${operationId}"]`);
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    if (body !== undefined) await operation.locator('textarea').first().fill(JSON.stringify(body));
    await operation.getByRole('button', { name: 'Execute' }).click();
    const live = operation.locator('.live-responses-table .response');
    const status = await live.locator('.response-col_status').innerText();
    return { status: status.trim(), body: await textOf(live) };
  };

  const textOf = (live: Locator): Promise<string> => live.locator('.highlight-code code').first().innerText();

  it('offers each definition', async () => {
    const options = await page.getByLabel('Select a definition').locator('option').allInnerTexts();
    expect(options.length).toBeGreaterThanOrEqual(5);
    for (const title of options) await choose(title);
  });

  it('plays an OTP with the demo tenant’s token', async () => {
    await choose('OTP');
    await authorize('tenant-token', 'demo-tenant-token');
    const created = await tryOut('otpCreate');
    expect(created.status).toBe('201');
    const { id } = (JSON.parse(created.body) as { data: { id: string } }).data;
    const cancelled = await tryOut('otpCancel', { id, scope: 'reset_password' });
    expect(cancelled.status).toBe('201');
  });

  it('plays a signature with an access token that it was given itself', async () => {
    await choose('Digitanium v4');
    const issued = await tryOut('tokenIssue');
    expect(issued.status).toBe('200');
    await authorize('bearer', (JSON.parse(issued.body) as { access_token: string }).access_token);
    const started = await tryOut('signatureStart');
    expect(started).toMatchObject({ status: '200' });
    const cancelled = await tryOut('signatureCancel');
    expect(cancelled).toMatchObject({ status: '200' });
  });

  it('has the sandbox sign the claims of a relying party, afresh for each call', async () => {
    await choose('Sign v3');
    await authorize('relying-party', '{"request_id": "signv3-unknown"}');
    const { status, body } = await tryOut('signRequestCancel');
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: '400',
      body: { error: 'CLIENT_SIDE_ERROR', error_description: 'No record found' },
    });
  });

  it('registers a tenant for the administrator', async () => {
    await choose('Administration');
    await authorize('admin', testAdminToken);
    expect(await tryOut('tenantsCreate')).toMatchObject({ status: '201' });
  });

  it('needs no other host, and breaks no rule of the page', () => {
    expect(elsewhere).toEqual([]);
    // Answers that refuse are no complaints of the page.
    expect(complaints.filter((complaint) => !complaint.includes('Failed to load resource'))).toEqual([]);
  });
});
