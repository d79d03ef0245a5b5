import { faultOf } from './failure';
import type { SignLocation } from './pages/placement';
import type { Prepared } from './preparation';
import { runInThread } from './worker/threads';
import type { Signer } from './signer';

/**
 * Adds everything of a signature but the CMS, see preparation.ts, in a thread of its own.
 *
 * @throws PdfFault @throws PdfLocationFault
 * @throws PoolOverloaded when too many documents are waiting
 */
export async function preparePdf(
  bytes: Buffer,
  locations: readonly SignLocation[],
  signer: Signer,
  signedAt: Date,
): Promise<Prepared> {
  const attempt = await runInThread({ operation: 'prepare', bytes, parameters: [locations, signer, signedAt] });
  if (!attempt.ok) throw faultOf(attempt);
  return attempt.value;
}
