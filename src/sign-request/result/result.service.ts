import { Injectable } from '@nestjs/common';
import { type RelyingPartyPrincipal } from '../relying-party.strategy';
import { type SignResult } from '../sign-request.dto';
import { type SignRequestErrorCode, SignRequestRefusal } from '../sign-request.errors';
import { type SignRequestState } from '../sign-request.lifecycle';
import { secretMatches } from '../../platform/secrets/random-secret';
import { partialId, Signers } from '../sign-request.secrets';
import { DownloadLinks, signedFileName } from './download-links';
import { ResultRepository, type ResultRow } from './result.repository';

/** Words the result of a signed request, with a fresh link each time. */
@Injectable()
export class SignatureResults {
  constructor(
    private readonly links: DownloadLinks,
    private readonly signers: Signers,
  ) {}

  /** @param row of a request that is signed */
  of(row: ResultRow): SignResult {
    const { signerSealed, endedAt } = row;
    if (signerSealed === null || endedAt === null) throw new Error('A signed request has a signer and an end');
    const signer = this.signers.open(row, signerSealed);
    const { url, expiresAtSeconds } = this.links.make(row);
    return {
      signed_doc_url: url,
      signer_info: {
        signer_name: signer.name,
        signer_partial_uinfin: partialId(signer),
        signed_at: endedAt.getTime(),
      },
      exp: expiresAtSeconds,
    };
  }
}

/** What is answered in each state: nothing (there is a result), or why there is none. */
const resultAnswers = {
  signed: undefined,
  pending: 'DOCUMENT_NOT_SIGNED',
  signing: 'DOCUMENT_NOT_SIGNED',
  expired: 'REQUEST_EXPIRED',
  cancelled: 'REQUEST_CANCELLED',
} as const satisfies Record<SignRequestState, SignRequestErrorCode | undefined>;

/** Results of sign requests, for those who asked. */
@Injectable()
export class ResultService {
  constructor(
    private readonly results: ResultRepository,
    private readonly signatureResults: SignatureResults,
    private readonly links: DownloadLinks,
  ) {}

  /**
   * Where the signed document is for the next two minutes, and who signed it.
   * @throws SignRequestRefusal CLIENT_SIDE_ERROR when the relying party has no such request, or another exchange code;
   *   DOCUMENT_NOT_SIGNED, REQUEST_EXPIRED, REQUEST_CANCELLED by the state; DOCUMENT_DELETED when it is no longer kept
   */
  async resultOf({ tenantId, clientId, claims }: RelyingPartyPrincipal, id: string): Promise<SignResult> {
    const row = id.includes('\0') ? undefined : await this.results.find({ tenantId, id });
    if (row?.clientId !== clientId || !this.isExchangeCode(claims.exchange_code, row.exchangeCodeHash))
      throw new SignRequestRefusal('CLIENT_SIDE_ERROR');
    const refusal = resultAnswers[row.state] ?? (row.kept ? undefined : 'DOCUMENT_DELETED');
    if (refusal !== undefined) throw new SignRequestRefusal(refusal);
    return this.signatureResults.of(row);
  }

  /** The signed document behind a link. @throws SignRequestRefusal LINK_INVALID */
  async download(capability: string): Promise<{ fileName: string; bytes: Buffer }> {
    const key = this.links.open(capability);
    const document = key && (await this.results.document(key));
    if (document === undefined) throw new SignRequestRefusal('LINK_INVALID');
    return { fileName: signedFileName(document.docName), bytes: document.bytes };
  }

  private isExchangeCode(given: unknown, hash: Buffer): boolean {
    return typeof given === 'string' && secretMatches(given, hash);
  }
}
