import { Injectable } from '@nestjs/common';
import { Identification } from '../identity/identification';
import { type Person, type Visitor, Visitors } from '../identity/visitors';
import { type ShownSession, SignSessionRepository, SignSessions } from '../session/sign-sessions';
import { type SigningContext, SigningContexts, isEnded } from './signing-contexts';
import { type Browser } from '../../platform/http/browser';
import { PortalRefusal } from './portal.errors';
import { PortalRepository } from './portal.repository';
import { Signers } from '../sign-request.secrets';
import { StateWatch } from './state-watch';

const linkPath = (link: string): string => `/sign/${link}`;

/** The link whose page this is; undefined where it is the page of a phone. */
function linkIn(page: string): string | undefined {
  return page.startsWith(linkPath('')) ? page.slice(linkPath('').length) : undefined;
}

/** What a visitor of the page sees. */
export type PortalView = {
  readonly signingContext: SigningContext;
  readonly path: string;
  /** Absent where no person is identified. */
  readonly formToken?: string;
} & (
  | { readonly shows: 'entry' | 'refused' | 'document' | 'signed' | 'cancelled' | 'expired' }
  | { readonly shows: 'session'; readonly session: ShownSession }
);

/** The page behind `signing_url`, from the first look to the way back. */
@Injectable()
export class PortalService {
  constructor(
    private readonly signingContexts: SigningContexts,
    private readonly requests: PortalRepository,
    private readonly signers: Signers,
    private readonly transitions: SignSessionRepository,
    private readonly sessions: SignSessions,
    private readonly visitors: Visitors,
    private readonly identification: Identification,
    private readonly watch: StateWatch,
  ) {}

  /** What a visitor sees at this moment. @throws PortalRefusal LINK_INVALID */
  async show(link: string, browser: Browser): Promise<PortalView> {
    const path = linkPath(link);
    const visitor = await this.visitors.find(browser, path);
    const signingContext = await this.signingContexts.byLink(link);
    const { request } = signingContext;
    if (isEnded(request.state)) return { shows: request.state, signingContext, path };
    if (visitor === undefined) return { shows: 'entry', signingContext, path };
    const shown = { signingContext, path, formToken: this.visitors.formToken(path, visitor) };
    if (!this.signers.isLockedTo(visitor.person, request)) return { shows: 'refused', ...shown };
    switch (request.state) {
      case 'pending':
        return { shows: 'document', ...shown };
      case 'signing':
        return { shows: 'session', session: this.sessions.show(request), ...shown };
      case 'signed':
        return { shows: 'signed', ...shown };
    }
  }

  /**
   * Where the person logs in.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED; NOT_IDENTIFIED, NO_IDENTITY_PROVIDER
   */
  async logIn(link: string, browser: Browser): Promise<string> {
    await this.signingContexts.unendedByLink(link);
    return this.identification.start(browser, linkPath(link));
  }

  /**
   * Begins the visit of a person who comes back from the identity provider, and returns the page they wanted to see.
   * The first person to be identified has the request to themselves, unless another person is meant.
   * @throws PortalRefusal NOT_IDENTIFIED, LINK_INVALID, FROZEN
   */
  async arrive(browser: Browser): Promise<string> {
    const { person, page } = await this.identification.finish(browser);
    const link = linkIn(page);
    if (link !== undefined) await this.lock(link, person);
    this.visitors.welcome(browser, page, person);
    return page;
  }

  /**
   * The document, for the one person who may sign it.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED after any end but their own signature
   */
  async document(link: string, browser: Browser): Promise<Buffer> {
    const visitor = await this.visitors.find(browser, linkPath(link));
    const { request } = await this.signingContexts.unendedByLink(link);
    const mayRead = visitor !== undefined && this.signers.isLockedTo(visitor.person, request);
    const document = mayRead ? await this.requests.document(request, 'original') : undefined;
    if (document === undefined) throw new PortalRefusal('LINK_INVALID');
    return document;
  }

  /**
   * Waits until the page shows something else than `seen`.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED
   */
  async waitForChanges(link: string, seen: unknown, gone: AbortSignal): Promise<void> {
    const { request } = await this.signingContexts.unendedByLink(link);
    await this.watch.changed(request.linkHash, seen, gone);
  }

  /**
   * Opens a sign session, if the request is pending and theirs. Returns the page, which then shows what came of it.
   * @throws PortalRefusal FORM_INVALID; LINK_INVALID; CANCELLED or EXPIRED
   */
  async proceed(link: string, browser: Browser): Promise<string> {
    const { person } = await this.visitors.posting(browser, linkPath(link));
    const { request } = await this.signingContexts.unendedByLink(link);
    await this.sessions.open(request, this.signers.hash(request.tenantId, person));
    return linkPath(link);
  }

  /**
   * Closes the sign session, if it is theirs; the request is pending again. Returns the page.
   * @throws PortalRefusal FORM_INVALID; LINK_INVALID; CANCELLED or EXPIRED
   */
  async withdraw(link: string, browser: Browser): Promise<string> {
    const visitor = await this.visitors.posting(browser, linkPath(link));
    const { request } = await this.signingContexts.unendedByLink(link);
    await this.closeSession(request, visitor);
    return linkPath(link);
  }

  /** Ends the visit, and closes the sign session if it is theirs. Returns the page. @throws PortalRefusal FORM_INVALID, LINK_INVALID */
  async logOut(link: string, browser: Browser): Promise<string> {
    const visitor = await this.visitors.posting(browser, linkPath(link));
    await this.visitors.farewell(browser, linkPath(link), visitor);
    const { request } = await this.signingContexts.byLink(link);
    await this.closeSession(request, visitor);
    return linkPath(link);
  }

  private async lock(link: string, person: Person): Promise<void> {
    const { request } = await this.signingContexts.byLink(link);
    const signer = this.signers.hash(request.tenantId, person);
    const signerSealed = this.signers.seal(request, person);
    const outcome = await this.transitions.identify(request, { signer, signerSealed }, 'signer');
    if (outcome?.frozen === true) throw new PortalRefusal('FROZEN');
  }

  private async closeSession(request: SigningContext['request'], { person }: Visitor): Promise<void> {
    if (this.signers.isLockedTo(person, request)) await this.sessions.close(request);
  }
}
