import { Injectable } from '@nestjs/common';
import { deliveryLoop, queueDelivery } from '../../messages/queue-delivery';
import { LifecycleEngine, prepareTransition } from '../../approvals/lifecycle-engine';
import { SealedDocuments } from '../sign-request.secrets';
import { signRequestLifecycle, type SignRequestTransition, type SignRequestState } from '../sign-request.lifecycle';
import { type SignRequestOutcome } from '../sign-request.repository';

/** The delivery channel by which relying parties hear of signatures. */
export const signedWebhook = 'sign-request-signed';

/** Whom a request is locked to, and who alone may be. */
interface Lock {
  readonly signer: Buffer | null;
}

/** What a person has signed. */
interface SignedRequest {
  readonly request: { readonly tenantId: string; readonly id: string };
  readonly document: Buffer;
  readonly signedAt: Date;
}

const byLink = 'link_hash = :linkHash';
const bySession = 'session_hash = :sessionHash';

const identify = prepareTransition<SignRequestState, SignRequestTransition, Lock>(signRequestLifecycle, {
  name: 'sign-request-identify',
  where: byLink,
  transitions: [
    {
      transition: 'identify',
      when: 'signer IS NULL AND (intended_signer IS NULL OR intended_signer = :signer::bytea)',
      set: { signer: ':signer::bytea', signer_sealed: ':signerSealed::bytea' },
    },
  ],
  returning: { signer: 'signer' },
});

const proceed = prepareTransition(signRequestLifecycle, {
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
});

const reject = prepareTransition(signRequestLifecycle, {
  name: 'sign-request-reject',
  where: bySession,
  transitions: ['reject'],
});

const approve = prepareTransition(signRequestLifecycle, {
  name: 'sign-request-approve',
  where: bySession,
  transitions: [{ transition: 'approve', set: { ended_at: ':signedAt::timestamptz' } }],
  also: {
    kept: `INSERT INTO sign_document (tenant_id, sign_request_id, version, bytes)
           SELECT tenant_id, id, 'signed', :signedDocument::bytea FROM moved`,
    told: queueDelivery({ channel: signedWebhook, from: 'moved' }),
  },
  nudges: deliveryLoop,
});

/** Sign requests as the person who signs changes them. */
@Injectable()
export class SignSessionRepository {
  constructor(
    private readonly engine: LifecycleEngine,
    private readonly documents: SealedDocuments,
  ) {}

  /** Locks the request to a person, unless it is locked already or meant for another; answers whom it is locked to. */
  identify(
    linkHash: Buffer,
    person: { signer: Buffer; signerSealed: Buffer },
    actor: string,
  ): Promise<SignRequestOutcome<Lock> | undefined> {
    return this.engine.transition(identify, { linkHash, ...person, actor });
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

  /** Ends the request as signed, keeps the signed document, and queues what the relying party is told: all or nothing. */
  approve(
    sessionHash: Buffer,
    { request, document, signedAt }: SignedRequest,
    actor: string,
  ): Promise<SignRequestOutcome | undefined> {
    const signedDocument = this.documents.seal(request, 'signed', document);
    return this.engine.transition(approve, { sessionHash, signedDocument, signedAt, actor });
  }
}
