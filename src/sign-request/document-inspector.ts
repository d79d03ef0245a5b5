import { Injectable } from '@nestjs/common';
import { type DocumentFault, type LocationFault } from '../pades/fault';
import { inspectPdf } from '../pades/in-threads';
import { type SignLocation } from '../pades/pages/placement';
import { PdfBusy } from '../pades/worker/pool';
import { type SignRequestErrorCode, SignRequestRefusal } from './sign-request.errors';

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
