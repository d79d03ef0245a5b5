import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
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

/** Who is at a page. A visit is for the one page it was begun at: a person is identified for each request they sign. */
@Injectable()
export class Visitors {
  private readonly cookie: SealedCookie<Visitor>;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly vault: Vault,
  ) {
    this.cookie = new SealedCookie(vault, 'rescind-visitor', visitSeconds, settings.publicUrl.startsWith('https:'));
  }

  welcome(response: Response, page: string, person: Person): void {
    this.cookie.write(response, page, { id: randomUUID(), person });
  }

  find(request: Request, page: string): Visitor | undefined {
    return this.cookie.read(request, page);
  }

  /** What the forms of a page carry, so that no other site can post them. */
  formToken(page: string, visitor: Visitor): string {
    return this.vault.mac('portal-form', page, visitor.id).toString('base64url');
  }

  /** Who has posted a form of this page. @throws PortalRefusal FORM_INVALID when nobody has whom we know */
  posting(request: Request, page: string): Visitor {
    const visitor = this.find(request, page);
    const { token } = (request.body ?? {}) as { token?: unknown };
    if (visitor === undefined || typeof token !== 'string') throw new PortalRefusal('FORM_INVALID');
    const [given, expected] = [Buffer.from(token), Buffer.from(this.formToken(page, visitor))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new PortalRefusal('FORM_INVALID');
    return visitor;
  }
}
