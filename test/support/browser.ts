import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, devices, type Page } from 'playwright-core';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Chromium, where this machine has one; `CHROMIUM` names another place. */
export const chromiumPath = [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path));

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });

/** A fresh browser profile's page, at a desk or on a phone; what it finds wrong is added to `complaints`. */
export async function openPage(browser: Browser, at: 'desk' | 'phone', complaints: string[]): Promise<Page> {
  const look = at === 'phone' ? devices['Pixel 7'] : { viewport: { width: 1100, height: 900 } };
  const context = await browser.newContext(look);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return page;
}

/** Keeps a picture of a page in docs/screenshots, in a run with `SCREENSHOTS=true`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== 'true') return;
  const folder = join(__dirname, '../../docs/screenshots');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), scale: 'css' });
}
