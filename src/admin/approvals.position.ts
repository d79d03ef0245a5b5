import { type SearchPosition } from '../approvals/approval-search';
import { invalid } from './input';

/** What a page of approvals answers as its `next`. */
export function nextOf({ begunAt, id, kind }: SearchPosition): string {
  return Buffer.from(JSON.stringify([begunAt, id, kind])).toString('base64url');
}

/** @throws Failed `invalid-input` when it is no `next` */
export function afterOf(after: string): SearchPosition {
  try {
    const read: unknown = JSON.parse(Buffer.from(after, 'base64url').toString());
    const [begunAt, id, kind] = read as unknown[];
    if (isInstant(begunAt) && isText(id) && isText(kind)) return { begunAt, id, kind };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw invalid('after', 'after must be the next of the page before');
}

/** Whether there is such an instant: of 30 February there is none. */
function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value)) return false;
  const milliseconds = value.slice(0, 23);
  const read = Date.parse(`${milliseconds}Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(milliseconds);
}

const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
