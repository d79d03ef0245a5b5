import { request as send, type IncomingHttpHeaders } from 'node:http';

export interface Shown {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The page's heading. */
  readonly title: string | undefined;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** What every page may load, written anew and not taken from the pages. */
export const pagePolicy = [
  `default-src 'none'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
  `worker-src 'self'`,
  `connect-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' blob: data:`,
  `font-src 'self' data:`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

function expectStrict(headers: IncomingHttpHeaders): void {
  expect(headers).toMatchObject({
    'content-security-policy': pagePolicy,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
}

/** A person with a browser that has no scripts: keeps cookies by their paths, follows redirects, posts forms. */
export class PortalVisitor {
  private readonly cookies = new Map<string, Cookie>();

  constructor(
    /** The node they talk to, wherever links lead. */
    readonly node: string,
    readonly person = { name: 'Tan Ah Kow', id: 'S1234567D' },
  ) {}

  /** Opens an address, of which only path and query count. */
  async open(address: string): Promise<Shown> {
    return this.follow(await this.send('GET', address));
  }

  async post(address: string, fields: Readonly<Record<string, string>>): Promise<Shown> {
    return this.follow(await this.send('POST', address, new URLSearchParams(fields).toString()));
  }

  /** Logs in at a page, by the simulated login, and answers the page that follows. */
  async logIn(page: string): Promise<Shown> {
    const login = await this.open(`${new URL(page, this.node).pathname}/login`);
    const [, state] = /name="state" value="([^"]*)"/.exec(login.text) ?? [];
    return this.post('/identity/simulated', { state: state!, ...this.person });
  }

  /** Presses the button of a form on a page. */
  press(page: string, shown: Shown, action: string): Promise<Shown> {
    return this.post(`${new URL(page, this.node).pathname}/${action}`, { token: tokenIn(shown) });
  }

  /** Goes all the way: logs in, proceeds, and approves on the phone. */
  async sign(page: string): Promise<Shown> {
    const phone = phoneIn(await this.press(page, await this.logIn(page), 'proceed'));
    return this.press(phone, await this.logIn(phone), 'approve');
  }

  /** The Cookie header of a call to this path. */
  cookiesFor(pathname: string): string {
    const fits = ({ path }: Cookie) => path === '/' || pathname === path || pathname.startsWith(`${path}/`);
    return [...this.cookies.values()]
      .filter(fits)
      .map(({ value }) => value)
      .join('; ');
  }

  private async follow(shown: Shown): Promise<Shown> {
    if (shown.headers['content-type']?.startsWith('text/html') === true) expectStrict(shown.headers);
    const { location } = shown.headers;
    // To other servers one goes by hand.
    return location?.startsWith('/') === true ? this.open(location) : shown;
  }

  private send(method: string, address: string, body?: string): Promise<Shown> {
    const { pathname, search } = new URL(address, this.node);
    const headers = {
      cookie: this.cookiesFor(pathname),
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    return new Promise((resolve, reject) => {
      const call = send(new URL(pathname + search, this.node), { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          this.keep(response.headers['set-cookie'] ?? []);
          const text = Buffer.concat(chunks).toString();
          const title = /<h1[^>]*>([^<]*)<\/h1>/.exec(text)?.[1];
          resolve({ status: response.statusCode!, headers: response.headers, text, title });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name, value, path] = /^([^=]+)=([^;]*);.*Path=([^;]+)/i.exec(line)!;
      if (value === '') this.cookies.delete(name! + path!);
      else this.cookies.set(name! + path!, { value: `${name!}=${value!}`, path: path! });
    }
  }
}

export function tokenIn({ text }: Shown): string {
  return /name="token" value="([^"]*)"/.exec(text)?.[1] ?? '';
}

/** Where the QR code leads. */
export function phoneIn({ text }: Shown): string {
  return new URL(/id="phone" href="([^"]*)"/.exec(text)![1]!).pathname;
}
