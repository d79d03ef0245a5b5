import { Injectable } from '@nestjs/common';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { effectiveState, now } from '../../approvals/transition-statement';
import { SealedDocuments } from '../sign-request.secrets';
import { signRequestLifecycle, type SignRequestState } from '../sign-request.lifecycle';
import { type SignedDocumentKey } from './download-links';

/** What the result of a sign request is made of. */
export interface ResultRow extends SignedDocumentKey {
  readonly clientId: string;
  readonly state: SignRequestState;
  readonly exchangeCodeHash: Buffer;
  readonly signerSealed: Buffer | null;
  readonly endedAt: Date | null;
  /** Whether the signed document is still kept. */
  readonly kept: boolean;
}

interface SignedDocument {
  readonly docName: string;
  readonly bytes: Buffer;
}

const find = statement(
  'result-find',
  `SELECT tenant_id AS "tenantId", id, client_id AS "clientId", ${effectiveState(signRequestLifecycle, '_now')} AS state,
     exchange_code_hash AS "exchangeCodeHash", signer_sealed AS "signerSealed", ended_at AS "endedAt",
     EXISTS (SELECT FROM sign_document d WHERE (d.tenant_id, d.sign_request_id, d.version) = (r.tenant_id, r.id, 'signed')) AS kept
   FROM (SELECT *, ${now} AS _now FROM sign_request) AS r WHERE tenant_id = :tenantId AND id = :id`,
);
const document = statement(
  'result-document',
  `SELECT doc_name AS "docName", bytes FROM sign_document d
   JOIN sign_request r ON (r.tenant_id, r.id) = (d.tenant_id, d.sign_request_id)
   WHERE d.tenant_id = :tenantId AND d.sign_request_id = :id AND version = 'signed'`,
);

/** What came of sign requests. */
@Injectable()
export class ResultRepository {
  constructor(
    private readonly statements: Statements,
    private readonly documents: SealedDocuments,
  ) {}

  async find({ tenantId, id }: SignedDocumentKey): Promise<ResultRow | undefined> {
    const [found] = await this.statements.run<ResultRow>(find, { tenantId, id });
    return found;
  }

  async document({ tenantId, id }: SignedDocumentKey): Promise<SignedDocument | undefined> {
    const [found] = await this.statements.run<{ docName: Buffer; bytes: Buffer }>(document, { tenantId, id });
    return (
      found && {
        docName: this.documents.openName({ tenantId, id }, found.docName),
        bytes: this.documents.open({ tenantId, id }, 'signed', found.bytes),
      }
    );
  }
}
