import { Vault } from '../secrets/vault';
import { type Browser, SealedCookie } from './browser';

interface Written {
  readonly name: string;
  readonly value: string;
  readonly options: object;
}

/** Keeps what is written, as a browser would. */
class Cookies {
  written: Written | undefined;
  readonly response = {
    setCookie: (name: string, value: string, options: object) => (this.written = { name, value, options }),
  } as unknown as Browser;

  request(change: (value: string) => string = (value) => value): Browser {
    const { name, value } = this.written!;
    return { cookies: `other=1; ${name}=${change(value)}` } as Browser;
  }
}

describe('a sealed cookie', () => {
  const lifeSeconds = 60;
  const cookie = (key = 1) =>
    new SealedCookie<{ who: string }>(new Vault(Buffer.alloc(32, key)), 'visit', lifeSeconds, true);
  const browser = new Cookies();
  beforeEach(() => {
    cookie().write(browser.response, '/sign/a', { who: 'alice' });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is read where it was written for', () => {
    expect(cookie().read(browser.request(), '/sign/a')).toEqual({ who: 'alice' });
  });

  it('is out of reach of scripts, of other sites and of plain http, and reveals nothing', () => {
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: true, maxAge: 60_000 };
    expect(browser.written?.options).toEqual(options);
    expect(Buffer.from(browser.written!.value, 'base64url').toString('latin1')).not.toContain('alice');
  });

  it('is worth nothing for another page, under another key, changed, too late, or where it is not', () => {
    expect(cookie().read(browser.request(), '/sign/b')).toBeUndefined();
    expect(cookie(2).read(browser.request(), '/sign/a')).toBeUndefined();
    const changed = browser.request((value) => value.slice(0, -2) + (value.endsWith('AA') ? 'BB' : 'AA'));
    expect(cookie().read(changed, '/sign/a')).toBeUndefined();
    expect(cookie().read({} as Browser, '/sign/a')).toBeUndefined();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + lifeSeconds * 1000);
    expect(cookie().read(browser.request(), '/sign/a')).toBeUndefined();
  });
});
