import { createHash } from 'node:crypto';
import { SealedJson } from '../secrets/sealed-values';
import { type Vault } from '../secrets/vault';
import { type Browser, type CookieAttributes, cookiesNamed } from './browser';

/**
 * A cookie that only we can write and read: encrypted, bound to the path it is for, and good for a while. Over https its
 * name has the prefix `__Host-`, so that neither another host nor plain http can set it; browsers then ask for the path `/`,
 * so the name tells for which path it is.
 */
export class SealedCookie<Content extends object> {
  private readonly sealed: SealedJson<{ readonly content: Content; readonly expiresAtMs: number }>;

  constructor(
    vault: Vault,
    private readonly name: string,
    private readonly lifeSeconds: number,
    private readonly secure: boolean,
  ) {
    this.sealed = new SealedJson(vault, name);
  }

  write(browser: Browser, path: string, content: Content): void {
    const expiresAtMs = Date.now() + this.lifeSeconds * 1000;
    browser.setCookie(this.nameFor(path), this.sealed.sealToText(path, { content, expiresAtMs }), {
      ...this.options(),
      maxAge: this.lifeSeconds * 1000,
    });
  }

  /** What was written for this path; undefined where it is not there, not ours, or too old. */
  read(browser: Browser, path: string): Content | undefined {
    for (const value of cookiesNamed(this.nameFor(path), browser)) {
      const found = this.sealed.openText(path, value);
      if (found !== undefined && Date.now() < found.expiresAtMs) return found.content;
    }
    return undefined;
  }

  clear(browser: Browser, path: string): void {
    browser.clearCookie(this.nameFor(path), this.options());
  }

  /** The path itself is a secret. */
  private nameFor(path: string): string {
    const suffix = createHash('sha256').update(path).digest('base64url').slice(0, 16);
    return `${this.secure ? '__Host-' : ''}${this.name}-${suffix}`;
  }

  /** `lax`: the cookie is there when an identity provider leads back, and not when another site posts a form. */
  private options(): CookieAttributes {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure };
  }
}
