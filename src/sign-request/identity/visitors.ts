import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { SpentTokens } from '../../accounts/tokens/spent-tokens';
import { Vault } from '../../platform/secrets/vault';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';
import { PortalRefusal } from '../portal/portal.errors';
import { type Person } from './identity-provider';
import { SealedCookie } from './sealed-cookie';

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

  welcome(response: Response, page: string, person: Person): void {
    this.cookie.write(response, page, { id: randomUUID(), person });
  }

  async find(request: Request, page: string): Promise<Visitor | undefined> {
    const visitor = this.cookie.read(request, page);
    return visitor === undefined || (await this.spent.isSpent(audience, visitor.id)) ? undefined : visitor;
  }

  /** Ends a visit on all nodes, also for whoever has kept its cookie. */
  async farewell(response: Response, page: string, visitor: Visitor): Promise<void> {
    await this.spent.spend(audience, visitor.id, Date.now() / 1000 + visitSeconds);
    this.cookie.clear(response, page);
  }

  /** What the forms of a page carry, so that no other site can post them. */
  formToken(page: string, visitor: Visitor): string {
    return this.vault.mac('portal-form', page, visitor.id).toString('base64url');
  }

  /** Who has posted a form of this page. @throws PortalRefusal FORM_INVALID when nobody has whom we know */
  async posting(request: Request, page: string): Promise<Visitor> {
    const visitor = await this.find(request, page);
    const { token } = (request.body ?? {}) as { token?: unknown };
    if (visitor === undefined || typeof token !== 'string') throw new PortalRefusal('FORM_INVALID');
    const [given, expected] = [Buffer.from(token), Buffer.from(this.formToken(page, visitor))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new PortalRefusal('FORM_INVALID');
    return visitor;
  }
}
