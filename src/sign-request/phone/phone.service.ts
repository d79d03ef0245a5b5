import { Injectable } from '@nestjs/common';
import { type Visitor } from '../identity/visitors';
import { type SigningContext, SigningContexts } from '../portal/signing-contexts';
import { type Page } from '../portal/page';
import { PortalRefusal } from '../portal/portal.errors';
import { PortalRepository } from '../portal/portal.repository';
import { Signers, SignRequestSecrets } from '../sign-request.secrets';
import { phonePath, SignSessionRepository, SignSessions } from '../session/sign-sessions';
import { DocumentSigner } from './document-signer';
import { decidedPage, decisionPage, notYoursPage, phoneEntryPage } from './phone.pages';

/** The phone's side of a sign session: the person who opened it decides. */
@Injectable()
export class PhoneService {
  constructor(
    private readonly signingContexts: SigningContexts,
    private readonly requests: PortalRepository,
    private readonly secrets: SignRequestSecrets,
    private readonly signers: Signers,
    private readonly sessions: SignSessions,
    private readonly transitions: SignSessionRepository,
    private readonly documentSigner: DocumentSigner,
  ) {}

  /** What a visitor sees at this moment. @throws PortalRefusal LINK_INVALID */
  async show(session: string, visitor: Visitor | undefined, formToken: string): Promise<Page> {
    const signingContext = await this.signingContexts.bySession(session);
    const { state } = signingContext.request;
    if (state !== 'signing') return decidedPage(state);
    if (visitor === undefined) return phoneEntryPage(signingContext, phonePath(session));
    const logOut = { action: `${phonePath(session)}/logout`, formToken };
    if (!this.isSigner(signingContext, visitor)) return { ...notYoursPage(), logOut };
    const { matchCode } = this.sessions.show(signingContext.request);
    return { ...decisionPage(signingContext, phonePath(session), formToken, matchCode), logOut };
  }

  /**
   * Signs the document, and then ends the request as signed if it may still be: the signed document is kept in the very
   * statement of that transition (docs/adr/0011). Whatever came of it, the page shows.
   * @throws PortalRefusal LINK_INVALID, BUSY
   */
  async approve(session: string, visitor: Visitor): Promise<void> {
    const signingContext = await this.signingContexts.bySession(session);
    const { request } = signingContext;
    const { signerSealed } = request;
    if (request.state !== 'signing' || signerSealed === null || !this.isSigner(signingContext, visitor)) return;
    const document = await this.requests.document(request, 'original');
    if (document === undefined) throw new PortalRefusal('LINK_INVALID');
    const signedAt = request.at;
    const signed = await this.documentSigner.sign({
      tenantId: request.tenantId,
      document,
      locations: request.signLocations,
      // As they were when the request became theirs, which is what the relying party is told.
      person: this.signers.open(request, signerSealed),
      signedAt,
    });
    await this.transitions.approve(this.secrets.hash(session), { request, document: signed, signedAt }, 'signer');
  }

  /** Closes the session; the request is pending again. @throws PortalRefusal LINK_INVALID */
  async reject(session: string, visitor: Visitor): Promise<void> {
    const signingContext = await this.signingContexts.bySession(session);
    if (this.isSigner(signingContext, visitor)) await this.transitions.reject(this.secrets.hash(session), 'signer');
  }

  private isSigner({ request }: SigningContext, { person }: Visitor): boolean {
    return this.signers.isLockedTo(person, request);
  }
}
