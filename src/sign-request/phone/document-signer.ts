import { Inject, Injectable, Logger } from '@nestjs/common';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { type Settings } from '../../platform/settings/settings';
import { SETTINGS } from '../../platform/settings/settings.module';
import { type Person } from '../identity/identity-provider';
import { type SignLocation } from '../../pades/pages/placement';
import { PdfBusy } from '../../pades/worker/pool';
import { PortalRefusal } from '../portal/portal.errors';
import { partialId } from '../sign-request.secrets';
import { signPdf } from '../../pades/signing/sign-pdf';
import { type FetchTimestamp, TimestampError } from '../../pades/signing/timestamp';
import { SigningAuthority } from './signing-authority';

const timestampTimeoutSeconds = 10;
const maxTimestampBytes = 64 * 1024;

/** Puts a person's signature into a document. */
@Injectable()
export class DocumentSigner {
  private readonly log = new Logger('DocumentSigner');
  private readonly timestamp: FetchTimestamp | undefined;

  constructor(
    @Inject(SETTINGS) { tsaUrl }: Settings,
    private readonly authority: SigningAuthority,
    private readonly outbound: OutboundClient,
  ) {
    this.log.log(
      tsaUrl === undefined
        ? 'Signatures are PAdES B-B: they verify until the day after; TSA_URL makes them last (B-T)'
        : 'Signatures are PAdES B-T, time-stamped by TSA_URL',
    );
    this.timestamp = tsaUrl === undefined ? undefined : (request) => this.fetchTimestamp(tsaUrl, request);
  }

  /** @throws PortalRefusal BUSY when the document cannot be signed at the moment */
  async sign(wanted: {
    readonly tenantId: string;
    readonly document: Buffer;
    readonly locations: readonly SignLocation[];
    readonly person: Person;
    readonly signedAt: Date;
  }): Promise<Buffer> {
    const { document: bytes, locations, person, signedAt, tenantId: owner } = wanted;
    const signer = { name: person.name, partialId: partialId(person) };
    const authority = this.authority.get();
    try {
      return await signPdf({ bytes, owner, locations, signer, signedAt, authority, timestamp: this.timestamp });
    } catch (error) {
      if (!(error instanceof PdfBusy || error instanceof TimestampError)) throw error;
      this.log.warn({ error: error.message }, 'A document could not be signed');
      throw new PortalRefusal('BUSY');
    }
  }

  private async fetchTimestamp(url: string, request: Buffer): Promise<Buffer> {
    const { status, body } = await this.outbound.request({
      url,
      method: 'POST',
      headers: { 'Content-Type': 'application/timestamp-query' },
      body: request,
      timeoutSeconds: timestampTimeoutSeconds,
      maxResponseBytes: maxTimestampBytes,
    });
    if (status !== 200) throw new TimestampError(`The time-stamping authority answered ${status}.`);
    return body;
  }
}
