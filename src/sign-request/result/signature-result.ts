import { Injectable } from '@nestjs/common';
import { partialId, Signers } from '../sign-request.secrets';
import { type SignResult } from '../sign-request.dto';
import { DownloadLinks } from './download-links';
import { type ResultRow } from './result.repository';

/** Words the result of a signed request, with a fresh link each time. */
@Injectable()
export class SignatureResults {
  constructor(
    private readonly links: DownloadLinks,
    private readonly signers: Signers,
  ) {}

  /** @param row of a request that is signed */
  tell(row: ResultRow): SignResult {
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
