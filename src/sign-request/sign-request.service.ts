import { Inject, Injectable } from '@nestjs/common';
import { v4 as uuidV4, v7 as uuidV7 } from 'uuid';
import { Identifiers } from '../accounts/people/identifiers';
import { subjectsOfPerson } from '../approvals/finding';
import { type DocumentFault, type LocationFault } from '../pades/fault';
import { type SignLocation } from '../pades/pages/placement';
import { inspectPdf, PdfBusy } from '../pades/worker/pool';
import { hashSecret, newSecret } from '../platform/secrets/random-secret';
import { type Settings, SETTINGS } from '../platform/settings/settings';
import { readInitiateClaims } from './initiate-claims';
import { type RelyingPartyPrincipal } from './relying-party.strategy';
import { type InitiatedSignRequest } from './sign-request.dto';
import { type SignRequestErrorCode, SignRequestRefusal } from './sign-request.errors';
import { type SignRequestState } from './sign-request.lifecycle';
import { SignRequestRepository } from './sign-request.repository';
import { StoredDocuments } from './stored-documents';

const codeOf = {
  empty: 'INVALID_DOCUMENT',
  'not-a-pdf': 'INVALID_DOCUMENT',
  encrypted: 'INVALID_DOCUMENT',
  'hybrid-reference': 'INVALID_DOCUMENT',
  'broken-cross-reference': 'INVALID_DOCUMENT',
  'broken-object': 'INVALID_DOCUMENT',
  'bad-page-tree': 'INVALID_DOCUMENT',
  'bad-form': 'INVALID_DOCUMENT',
  'changes-forbidden': 'INVALID_DOCUMENT',
  'dynamic-form': 'INVALID_DOCUMENT',
  'too-complex': 'INVALID_DOCUMENT',
  'page-not-found': 'INVALID_SIGN_LOCATION',
  'box-leaves-page': 'INVALID_SIGN_LOCATION',
  'annotations-forbidden': 'INVALID_SIGN_LOCATION',
} as const satisfies Record<DocumentFault | LocationFault, SignRequestErrorCode>;

/** Judges documents before a request for their signature is made, so that signing them cannot fail later. */
@Injectable()
export class DocumentInspector {
  /** @throws SignRequestRefusal INVALID_DOCUMENT, INVALID_SIGN_LOCATION, SERVER_BUSY */
  async requireSignable(document: Buffer, locations: readonly SignLocation[], tenantId: string): Promise<void> {
    const inspection = await inspectPdf(document, locations, tenantId).catch(busy);
    if (inspection.ok) return;
    const place = 'location' in inspection ? `sign_locations[${inspection.location}]: ` : '';
    throw new SignRequestRefusal(codeOf[inspection.fault], place + inspection.detail);
  }
}

function busy(error: unknown): never {
  throw error instanceof PdfBusy ? new SignRequestRefusal('SERVER_BUSY') : error;
}

/** How long a sign request lives, in seconds. */
const lifeSeconds = 30 * 60;

const requestId = /^signv3-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** What a cancel answers in each state it finds: nothing (it succeeded), or why not. */
const cancelAnswers = {
  pending: undefined,
  expired: undefined,
  signing: 'ACTIVE_SESSION_ONGOING',
  signed: 'DOCUMENT_ALREADY_SIGNED',
  cancelled: 'REQUEST_ALREADY_CANCELLED',
} as const satisfies Record<SignRequestState, SignRequestErrorCode | undefined>;

/** The life of sign requests, as relying parties steer it. */
@Injectable()
export class SignRequestService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly requests: SignRequestRepository,
    private readonly documents: DocumentInspector,
    private readonly stored: StoredDocuments,
    private readonly identifiers: Identifiers,
  ) {}

  /**
   * Asks for a signature in a PDF.
   * @throws SignRequestRefusal INVALID_REQUEST, INVALID_SIGN_LOCATION, INVALID_DOCUMENT; SERVER_BUSY when there is
   *   no time to read the document; STORAGE_FULL
   * @throws Failed `frozen` when nothing may begin for the relying party, or the intended signer
   */
  async initiate(
    { tenantId, clientId, actor, claims }: RelyingPartyPrincipal,
    document: Buffer,
  ): Promise<InitiatedSignRequest> {
    const { docName, signLocations, signerUinHash } = readInitiateClaims(claims);
    await this.stored.requireRoom(tenantId);
    await this.documents.requireSignable(document, signLocations, tenantId);
    const id = `signv3-${uuidV7()}`;
    const link = newSecret();
    const exchangeCode = uuidV4();
    const intendedSigner = signerUinHash === null ? null : this.identifiers.hashedSignerHash(tenantId, signerUinHash);
    await this.requests.initiate({
      tenantId,
      clientId,
      id,
      actor,
      docName,
      signLocations,
      linkHash: hashSecret(link),
      exchangeCodeHash: hashSecret(exchangeCode),
      intendedSigner,
      subjects: subjectsOfPerson({ signerHash: intendedSigner }),
      document,
      lifeSeconds,
    });
    return { request_id: id, signing_url: `${this.settings.publicUrl}/sign/${link}`, exchange_code: exchangeCode };
  }

  /**
   * Calls the request back that the token names. Source: Cancel Sign Request.
   * @throws SignRequestRefusal CLIENT_SIDE_ERROR when the relying party has no such request; ACTIVE_SESSION_ONGOING,
   *   DOCUMENT_ALREADY_SIGNED, REQUEST_ALREADY_CANCELLED by the state it is in
   */
  async cancel({ tenantId, clientId, actor, claims }: RelyingPartyPrincipal): Promise<void> {
    const id = claims.request_id;
    if (typeof id !== 'string' || !requestId.test(id)) throw new SignRequestRefusal('CLIENT_SIDE_ERROR');
    const outcome = await this.requests.cancel({ tenantId, clientId, id }, actor);
    if (outcome === undefined) throw new SignRequestRefusal('CLIENT_SIDE_ERROR');
    const refusal = cancelAnswers[outcome.before];
    if (refusal !== undefined) throw new SignRequestRefusal(refusal);
  }
}
