import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { effectiveState, nextTimeout, now } from '../../approvals/transition-statement';
import { type SignLocation } from '../../pades/pages/placement';
import { SealedDocuments } from '../sign-request.secrets';
import { SignDocument } from '../sign-request.entity';
import { signRequestLifecycle, type SignRequestState } from '../sign-request.lifecycle';

/** A sign request as its page shows it. */
export interface PortalRequest {
  readonly tenantId: string;
  readonly clientId: string;
  readonly id: string;
  /** The effective state, at this moment of the approvals' clock. */
  readonly state: SignRequestState;
  readonly at: Date;
  /** Until the next timeout, if no transition comes first; null where there is none. */
  readonly secondsLeft: number | null;
  readonly docName: string;
  readonly signLocations: readonly SignLocation[];
  readonly linkHash: Buffer;
  readonly signer: Buffer | null;
  readonly signerSealed: Buffer | null;
  readonly sessionSealed: Buffer | null;
  /** Changes with whatever the page shows. */
  readonly tag: string;
}

/** As the database has it. */
type FoundRequest = Omit<PortalRequest, 'docName'> & { readonly docName: Buffer };

const state = effectiveState(signRequestLifecycle, '_now');
const clocked = `(SELECT *, ${now} AS _now FROM sign_request) AS sign_request`;
const find = `SELECT tenant_id AS "tenantId", client_id AS "clientId", id, ${state} AS state, _now AS at,
  extract(epoch FROM ${nextTimeout(signRequestLifecycle, '_now')} - _now)::float8 AS "secondsLeft", doc_name AS "docName",
  sign_locations AS "signLocations", link_hash AS "linkHash", signer, signer_sealed AS "signerSealed",
  session_sealed AS "sessionSealed", (${state}) || '-' || revision AS tag FROM ${clocked}`;

const byLink = statement('portal-by-link', `${find} WHERE link_hash = :linkHash`);
const bySession = statement('portal-by-session', `${find} WHERE session_hash = :sessionHash`);

/** Sign requests as the portal reads them; it changes them through `SignSessionRepository`. */
@Injectable()
export class PortalRepository {
  constructor(
    @InjectRepository(SignDocument) private readonly kept: Repository<SignDocument>,
    private readonly statements: Statements,
    private readonly documents: SealedDocuments,
  ) {}

  async byLink(linkHash: Buffer): Promise<PortalRequest | undefined> {
    return this.opened(await this.statements.run<FoundRequest>(byLink, { linkHash }));
  }

  async bySession(sessionHash: Buffer): Promise<PortalRequest | undefined> {
    return this.opened(await this.statements.run<FoundRequest>(bySession, { sessionHash }));
  }

  /** The document's bytes, as long as they are kept. */
  async document(
    { tenantId, id }: Pick<PortalRequest, 'tenantId' | 'id'>,
    version: SignDocument['version'],
  ): Promise<Buffer | undefined> {
    const found = await this.kept.findOneBy({ tenantId, signRequestId: id, version });
    return found === null ? undefined : this.documents.open({ tenantId, id }, version, found.bytes);
  }

  private opened([found]: readonly FoundRequest[]): PortalRequest | undefined {
    return found && { ...found, docName: this.documents.openName(found, found.docName) };
  }
}
