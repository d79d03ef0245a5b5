import { attempt, type Failure } from './failure';
import type { SignLocation } from './pages/placement';
import { readSignable } from './signable';

/** What came out of looking at a document. */
export type Inspection = { readonly ok: true; readonly pages: number } | Failure;

/** Whether a document can be read strictly, and signed with a box at each of the locations. */
export function inspect(bytes: Buffer, locations: readonly SignLocation[]): Inspection {
  const read = attempt(() => readSignable(bytes, locations).pageCount);
  return read.ok ? { ok: true, pages: read.value } : read;
}
