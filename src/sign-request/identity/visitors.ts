import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SpentTokens } from '../../accounts/tokens/spent-tokens';
import { SealedJson } from '../../platform/secrets/sealed-values';
import { Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { type Browser, type CookieAttributes } from '../portal/page';
import { PortalRefusal } from '../portal/portal.errors';

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
    for (const value of valuesOf(browser, this.nameFor(path))) {
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

function valuesOf({ cookies = '' }: Browser, name: string): string[] {
  return cookies
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** A person as an identity provider knows them. */
export interface Person {
  /** The NRIC or FIN, in upper case. */
  readonly id: string;
  readonly name: string;
}

/** A person who has been identified for one page, in one browser. */
export interface Visitor {
  readonly id: string;
  readonly person: Person;
}

const visitSeconds = 60 * 60;

/** Under which ended visits are remembered. */
const audience = 'portal-visit';

/** Who is at a page. A visit is for the one page it was begun at: a person is identified for each request they sign. */
@Injectable()
export class Visitors {
  private readonly cookie: SealedCookie<Visitor>;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly vault: Vault,
    private readonly spent: SpentTokens,
  ) {
    this.cookie = new SealedCookie(vault, 'rescind-visitor', visitSeconds, settings.publicUrl.startsWith('https:'));
  }

  welcome(browser: Browser, page: string, person: Person): void {
    this.cookie.write(browser, page, { id: randomUUID(), person });
  }

  async find(browser: Browser, page: string): Promise<Visitor | undefined> {
    const visitor = this.cookie.read(browser, page);
    return visitor === undefined || (await this.spent.isSpent(audience, visitor.id)) ? undefined : visitor;
  }

  /** Ends a visit on all nodes; a copy of its cookie is of no use then. */
  async farewell(browser: Browser, page: string, visitor: Visitor): Promise<void> {
    await this.spent.spend(audience, visitor.id, Date.now() / 1000 + visitSeconds);
    this.cookie.clear(browser, page);
  }

  /** What the forms of a page carry, so that no other site can post them. */
  formToken(page: string, visitor: Visitor): string {
    return this.vault.mac('portal-form', page, visitor.id).toString('base64url');
  }

  /** The visitor who has posted a form of this page. @throws PortalRefusal FORM_INVALID when there is no visit, or the token is another */
  async posting(browser: Browser, page: string): Promise<Visitor> {
    const visitor = await this.find(browser, page);
    const token = browser.formToken;
    if (visitor === undefined || typeof token !== 'string') throw new PortalRefusal('FORM_INVALID');
    const [given, expected] = [Buffer.from(token), Buffer.from(this.formToken(page, visitor))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new PortalRefusal('FORM_INVALID');
    return visitor;
  }
}
