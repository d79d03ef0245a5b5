import { PdfFault } from './fault';
import type { Inspection } from './inspection';
import type { SignLocation } from './pages/placement';
import { runInThread } from './worker/threads';

/**
 * Tells whether a document can be read strictly, and signed with a box at each of the locations. Runs in a thread of
 * its own; a document that takes longer than 5 s there is too complex.
 *
 * @throws PoolOverloaded when too many documents are waiting
 */
export async function inspectPdf(bytes: Buffer, locations: readonly SignLocation[]): Promise<Inspection> {
  try {
    return await runInThread({ operation: 'inspect', bytes, parameters: [locations] });
  } catch (error) {
    if (!(error instanceof PdfFault)) throw error;
    return { ok: false, fault: error.fault, detail: error.detail };
  }
}
