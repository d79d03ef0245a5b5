import { Injectable } from '@nestjs/common';
import { Identification } from '../identity/identification';
import { type Visitor, Visitors } from '../identity/visitors';
import { type SigningContext, SigningContexts } from '../portal/signing-contexts';
import { type Browser } from '../../platform/http/browser';
import { PortalRefusal } from '../portal/portal.errors';
import { PortalRepository } from '../portal/portal.repository';
import { hashSecret } from '../../platform/secrets/random-secret';
import { Signers } from '../sign-request.secrets';
import { phonePath, SignSessionRepository, SignSessions } from '../session/sign-sessions';
import { StateWatch } from '../portal/state-watch';
import { type SignRequestState } from '../sign-request.lifecycle';
import { DocumentSigner } from './document-signer';

/** What a visitor of the phone's page sees; a state: the session is closed, and how the request is. */
export type PhoneView =
  | { readonly shows: Exclude<SignRequestState, 'signing'> }
  | { readonly shows: 'entry'; readonly signingContext: SigningContext; readonly path: string }
  | { readonly shows: 'refused'; readonly path: string; readonly formToken: string }
  | {
      readonly shows: 'decision';
      readonly signingContext: SigningContext;
      readonly path: string;
      readonly formToken: string;
      readonly matchCode: string;
    };

/** The phone's side of a sign session: the person who opened it decides. */
@Injectable()
export class PhoneService {
  constructor(
    private readonly signingContexts: SigningContexts,
    private readonly requests: PortalRepository,
    private readonly signers: Signers,
    private readonly sessions: SignSessions,
    private readonly transitions: SignSessionRepository,
    private readonly documentSigner: DocumentSigner,
    private readonly visitors: Visitors,
    private readonly identification: Identification,
    private readonly watch: StateWatch,
  ) {}

  /** What a visitor sees at this moment. @throws PortalRefusal LINK_INVALID */
  async show(session: string, browser: Browser): Promise<PhoneView> {
    const path = phonePath(session);
    const visitor = await this.visitors.find(browser, path);
    const signingContext = await this.signingContexts.bySession(session);
    const { state } = signingContext.request;
    if (state !== 'signing') return { shows: state };
    if (visitor === undefined) return { shows: 'entry', signingContext, path };
    const formToken = this.visitors.formToken(path, visitor);
    if (!this.isSigner(signingContext, visitor)) return { shows: 'refused', path, formToken };
    const { matchCode } = this.sessions.show(signingContext.request);
    return { shows: 'decision', signingContext, path, formToken, matchCode };
  }

  /**
   * Where the person logs in.
   * @throws PortalRefusal LINK_INVALID; CANCELLED or EXPIRED; NOT_IDENTIFIED, NO_IDENTITY_PROVIDER
   */
  async logIn(session: string, browser: Browser): Promise<string> {
    await this.signingContexts.unendedBySession(session);
    return this.identification.start(browser, phonePath(session));
  }

  /** Waits until the page shows something else than `seen`. @throws PortalRefusal LINK_INVALID */
  async waitForChanges(session: string, seen: unknown, gone: AbortSignal): Promise<void> {
    const { request } = await this.signingContexts.bySession(session);
    await this.watch.changed(request.linkHash, seen, gone);
  }

  /**
   * Signs the document, and then ends the request as signed if it may still be: the signed document is kept in the very
   * statement of that transition (docs/adr/0011). Returns the page, which then shows what came of it.
   * @throws PortalRefusal FORM_INVALID, LINK_INVALID, BUSY
   */
  async approve(session: string, browser: Browser): Promise<string> {
    await this.sign(session, await this.visitors.posting(browser, phonePath(session)));
    return phonePath(session);
  }

  /** Closes the session; the request is pending again. Returns the page. @throws PortalRefusal FORM_INVALID, LINK_INVALID */
  async reject(session: string, browser: Browser): Promise<string> {
    const visitor = await this.visitors.posting(browser, phonePath(session));
    const signingContext = await this.signingContexts.bySession(session);
    if (this.isSigner(signingContext, visitor)) await this.transitions.reject(hashSecret(session), 'signer');
    return phonePath(session);
  }

  /** Ends the visit. Returns the page. @throws PortalRefusal FORM_INVALID */
  async logOut(session: string, browser: Browser): Promise<string> {
    const visitor = await this.visitors.posting(browser, phonePath(session));
    await this.visitors.farewell(browser, phonePath(session), visitor);
    return phonePath(session);
  }

  private async sign(session: string, visitor: Visitor): Promise<void> {
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
      // As they were when the request became theirs, which is what the relying party gets.
      person: this.signers.open(request, signerSealed),
      signedAt,
    });
    await this.transitions.approve(hashSecret(session), { request, document: signed, signedAt }, 'signer');
  }

  private isSigner({ request }: SigningContext, { person }: Visitor): boolean {
    return this.signers.isLockedTo(person, request);
  }
}
