import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SpentTokens } from '../../accounts/tokens/spent-tokens';
import { type Browser, SealedCookie } from '../../platform/http/browser';
import { Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { PortalRefusal } from '../portal/portal.errors';

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
