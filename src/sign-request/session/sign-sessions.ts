import { Inject, Injectable } from '@nestjs/common';
import { refusedUntil } from '../../approvals/begin-statement';
import { subjectsOfPerson } from '../../approvals/finding';
import { LifecycleEngine } from '../../approvals/lifecycle-engine';
import { prepareFor } from '../../approvals/prepare';
import { deliveryLoop, queueDelivery } from '../../messages/delivery';
import { hashSecret, newDigits, newSecret } from '../../platform/secrets/random-secret';
import { SealedJson, Vault } from '../../platform/secrets/vault';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { type PortalRequest } from '../portal/portal.repository';
import { signRequestLifecycle } from '../sign-request.lifecycle';
import { onceChanged, type SignRequestOutcome } from '../sign-request.repository';
import { SealedDocuments } from '../sign-request.secrets';

const prepare = prepareFor(signRequestLifecycle);

/** The delivery channel by which relying parties hear of signatures. */
export const signedWebhook = 'sign-request-signed';

/** Whom a request is locked to, and whether nothing may begin for the person who was identified. */
interface Lock {
  readonly signer: Buffer | null;
  readonly frozen: boolean;
}

/** What a person has signed. */
interface SignedRequest {
  readonly request: { readonly tenantId: string; readonly id: string };
  readonly document: Buffer;
  readonly signedAt: Date;
}

const byLink = 'link_hash = :linkHash';
const bySession = 'session_hash = :sessionHash';

const identify = prepare.transition<Lock>({
  name: 'sign-request-identify',
  where: byLink,
  from: `(SELECT ${refusedUntil()} IS NOT NULL AS frozen) AS admission`,
  transitions: [
    {
      transition: 'identify',
      when: 'NOT frozen AND signer IS NULL AND (intended_signer IS NULL OR intended_signer = :signer::bytea)',
      set: { signer: ':signer::bytea', signer_sealed: ':signerSealed::bytea' },
    },
  ],
  returning: { signer: 'signer', frozen: 'frozen' },
  ...onceChanged,
});

const proceed = prepare.transition({
  name: 'sign-request-proceed',
  where: byLink,
  transitions: [
    {
      transition: 'proceed',
      when: 'signer = :signer::bytea',
      set: {
        session_hash: ':sessionHash::bytea',
        session_sealed: ':sessionSealed::bytea',
        session_expires_at: '_now + make_interval(secs => :lifeSeconds)',
      },
    },
  ],
  ...onceChanged,
});

const reject = prepare.transition({
  name: 'sign-request-reject',
  where: bySession,
  transitions: ['reject'],
  ...onceChanged,
});

const approve = prepare.transition({
  name: 'sign-request-approve',
  where: bySession,
  transitions: [{ transition: 'approve', set: { ended_at: ':signedAt::timestamptz' } }],
  also: {
    kept: `INSERT INTO sign_document (tenant_id, sign_request_id, version, bytes)
           SELECT tenant_id, id, 'signed', :signedDocument::bytea FROM moved`,
    queued: queueDelivery({ channel: signedWebhook, from: 'moved' }),
  },
  nudges: deliveryLoop,
  ...onceChanged,
});

/** Sign requests as the person who signs changes them. */
@Injectable()
export class SignSessionRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly documents: SealedDocuments,
  ) {}

  /**
   * Locks the request to a person, unless it is locked already or meant for another, or nothing may begin for the person.
   * Answers whom it is locked to.
   */
  identify(
    { tenantId, linkHash }: Pick<PortalRequest, 'tenantId' | 'linkHash'>,
    person: { signer: Buffer; signerSealed: Buffer },
    actor: string,
  ): Promise<SignRequestOutcome<Lock> | undefined> {
    const subjects = subjectsOfPerson({ signerHash: person.signer });
    return this.engine.transition(identify, { tenantId, linkHash, subjects, ...person, actor });
  }

  /** Opens a sign session for the person the request is locked to. */
  proceed(
    linkHash: Buffer,
    session: { signer: Buffer; sessionHash: Buffer; sessionSealed: Buffer; lifeSeconds: number },
    actor: string,
  ): Promise<SignRequestOutcome | undefined> {
    return this.engine.transition(proceed, { linkHash, ...session, actor });
  }

  reject(sessionHash: Buffer, actor: string): Promise<SignRequestOutcome | undefined> {
    return this.engine.transition(reject, { sessionHash, actor });
  }

  /** Ends the request as signed, keeps the signed document, and queues the relying party's webhook: all or nothing. */
  approve(
    sessionHash: Buffer,
    { request, document, signedAt }: SignedRequest,
    actor: string,
  ): Promise<SignRequestOutcome | undefined> {
    const signedDocument = this.documents.seal(request, 'signed', document);
    return this.engine.transition(approve, { sessionHash, signedDocument, signedAt, actor });
  }
}

/** What the page shows of an open sign session. */
export interface ShownSession {
  /** Where the phone goes: what the QR code says. */
  readonly phoneUrl: string;
  /** Shown on both screens, so that the person knows they belong together. */
  readonly matchCode: string;
}

interface SessionSecret {
  readonly capability: string;
  readonly matchCode: string;
}

/** How long a session may be silent, in seconds. */
const lifeSeconds = 5 * 60;
const matchCodeDigits = 4;

export const phonePath = (session: string): string => `/phone/${session}`;

/** Sign sessions: opened at the page, decided on the phone. */
@Injectable()
export class SignSessions {
  private readonly sealed: SealedJson<SessionSecret>;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    vault: Vault,
    private readonly transitions: SignSessionRepository,
  ) {
    this.sealed = new SealedJson(vault, 'sign-session');
  }

  async open(request: PortalRequest, signer: Buffer): Promise<void> {
    const capability = newSecret();
    const sessionSealed = this.sealed.seal(keyOf(request), { capability, matchCode: newDigits(matchCodeDigits) });
    const session = { signer, sessionHash: hashSecret(capability), sessionSealed, lifeSeconds };
    await this.transitions.proceed(request.linkHash, session, 'signer');
  }

  show(request: PortalRequest): ShownSession {
    const { capability, matchCode } = this.secretOf(request);
    return { phoneUrl: this.settings.publicUrl + phonePath(capability), matchCode };
  }

  async close(request: PortalRequest): Promise<void> {
    if (request.state === 'signing')
      await this.transitions.reject(hashSecret(this.secretOf(request).capability), 'signer');
  }

  private secretOf(request: PortalRequest): SessionSecret {
    if (request.sessionSealed === null) throw new Error('A request that is being signed has a session');
    return this.sealed.open(keyOf(request), request.sessionSealed);
  }
}

function keyOf({ tenantId, id }: PortalRequest): string {
  return `${tenantId}/${id}`;
}
