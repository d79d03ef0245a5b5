import { Injectable } from '@nestjs/common';
import { type Person, type Visitor } from '../identity/visitors';
import { SignSessionRepository, SignSessions } from '../session/sign-sessions';
import { type SigningContext, SigningContexts, isEnded } from './signing-contexts';
import { type Page } from './page';
import { documentPage, endedPage, entryPage, refusedPage, sessionPage } from './portal.pages';
import { PortalRefusal } from './portal.errors';
import { PortalRepository } from './portal.repository';
import { Signers } from '../sign-request.secrets';

export const linkPath = (link: string): string => `/sign/${link}`;

/** The link whose page this is; undefined where it is the page of a phone. */
export function linkIn(page: string): string | undefined {
  return page.startsWith(linkPath('')) ? page.slice(linkPath('').length) : undefined;
}

/** The page behind `signing_url`, from the first look to the way back. */
@Injectable()
export class PortalService {
  constructor(
    private readonly signingContexts: SigningContexts,
    private readonly requests: PortalRepository,
    private readonly signers: Signers,
    private readonly transitions: SignSessionRepository,
    private readonly sessions: SignSessions,
  ) {}

  /** What a visitor sees at this moment. @throws PortalRefusal LINK_INVALID */
  async show(link: string, visitor: Visitor | undefined, formToken: string): Promise<Page> {
    const signingContext = await this.signingContexts.byLink(link);
    const { state } = signingContext.request;
    const path = linkPath(link);
    if (isEnded(state)) return endedPage(signingContext, state);
    if (visitor === undefined) return entryPage(signingContext, path);
    const page = this.signers.isLockedTo(visitor.person, signingContext.request)
      ? await this.signersPage(signingContext, state, path, formToken)
      : refusedPage(signingContext);
    return { ...page, logOut: { action: `${path}/logout`, formToken } };
  }

  /** Whoever is identified first has the request to themselves, if nobody else is meant. */
  async lock(link: string, person: Person): Promise<void> {
    const { request } = await this.signingContexts.byLink(link);
    const signer = this.signers.hash(request.tenantId, person);
    const signerSealed = this.signers.seal(request, person);
    await this.transitions.identify(request.linkHash, { signer, signerSealed }, 'signer');
  }

  /**
   * The document, for the one person who may sign it.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED after any end but their own signature
   */
  async document(link: string, visitor: Visitor | undefined): Promise<Buffer> {
    const { request } = await this.signingContexts.unendedByLink(link);
    const mayRead = visitor !== undefined && this.signers.isLockedTo(visitor.person, request);
    const document = mayRead ? await this.requests.document(request, 'original') : undefined;
    if (document === undefined) throw new PortalRefusal('LINK_INVALID');
    return document;
  }

  /**
   * Opens a sign session, if the request is pending and theirs; the page then shows what came of it.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED
   */
  async proceed(link: string, visitor: Visitor): Promise<void> {
    const { request } = await this.signingContexts.unendedByLink(link);
    await this.sessions.open(request, this.signers.hash(request.tenantId, visitor.person));
  }

  /**
   * Closes the sign session, if it is theirs; the request is pending again.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED
   */
  async withdraw(link: string, visitor: Visitor): Promise<void> {
    const { request } = await this.signingContexts.unendedByLink(link);
    if (this.signers.isLockedTo(visitor.person, request)) await this.sessions.close(request);
  }

  /** Closes the sign session of somebody who leaves, where it is theirs. @throws PortalRefusal LINK_INVALID */
  async leave(link: string, visitor: Visitor): Promise<void> {
    const { request } = await this.signingContexts.byLink(link);
    if (this.signers.isLockedTo(visitor.person, request)) await this.sessions.close(request);
  }

  private signersPage(
    signingContext: SigningContext,
    state: 'pending' | 'signing' | 'signed',
    path: string,
    formToken: string,
  ): Page | Promise<Page> {
    switch (state) {
      case 'pending':
        return documentPage(signingContext, path, formToken);
      case 'signing':
        return sessionPage(signingContext, path, formToken, this.sessions.show(signingContext.request));
      case 'signed':
        return endedPage(signingContext, state);
    }
  }
}
