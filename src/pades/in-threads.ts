import { faultOf, PdfFault } from './fault';
import type { Inspection, Signer } from './signable';
import type { SignLocation } from './pages/placement';
import type { Prepared } from './preparation';
import type { Task } from './worker/entry';
import { documentThreads } from './worker/pool';

/**
 * Inspects a document in a thread of its own.
 *
 * @param owner owners are served in turn
 * @throws PdfBusy when too many documents are waiting, or there was no time to finish this one
 */
export async function inspectPdf(
  bytes: Buffer,
  locations: readonly SignLocation[],
  owner: string,
): Promise<Inspection> {
  try {
    const task: Task<'inspect'> = { operation: 'inspect', bytes, parameters: [locations] };
    return await documentThreads.run(task, { owner, urgent: false });
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    return { ok: false, fault: error.fault, detail: error.detail };
  }
}

/**
 * Prepares a document for its signature in a thread of its own, ahead of documents that are only to be inspected.
 *
 * @param owner owners are served in turn
 * @throws PdfFault @throws PdfLocationFault
 * @throws PdfBusy when too many documents are waiting, or there was no time to finish this one
 */
export async function preparePdf(
  bytes: Buffer,
  locations: readonly SignLocation[],
  signer: Signer,
  signedAt: Date,
  owner: string,
): Promise<Prepared> {
  const task: Task<'prepare'> = { operation: 'prepare', bytes, parameters: [locations, signer, signedAt] };
  const result = await documentThreads.run(task, { owner, urgent: true });
  if (!result.ok) throw faultOf(result);
  return result.value;
}
