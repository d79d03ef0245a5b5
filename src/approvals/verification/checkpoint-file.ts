import { type KeyObject } from 'node:crypto';
import { type Checkpoint, checkpointHash, isSignedBy } from '../checkpoints/checkpoint';
import { HistoryFault } from './history-fault';

/** What was given to verify with is of no use. */
export class InvalidEvidence extends Error {}

/**
 * The checkpoints in a text of JSON lines: what CHECKPOINT_URL was sent, the answers of
 * `GET /admin/v1/history/checkpoints`, or lines of the log. Those of the same content count once.
 * @returns in their order
 * @throws InvalidEvidence when a line is not JSON, or there is no checkpoint
 */
export function readCheckpoints(text: string): Checkpoint[] {
  const found = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : checkpointsIn(line, index + 1)));
  if (found.length === 0) throw new InvalidEvidence('There is no checkpoint in the file');
  const distinct = new Map(found.map((each) => [checkpointHash(each), each]));
  return [...distinct.values()].sort((one, other) => one.number - other.number);
}

/** @throws HistoryFault when one is not signed, or does not follow the one before */
export function checkCheckpoints(checkpoints: readonly Checkpoint[], publicKey: KeyObject): void {
  checkpoints.forEach((each, index) => {
    if (!isSignedBy(publicKey, each)) throw new HistoryFault(`Checkpoint ${each.number} is not signed with this key`);
    const before = checkpoints[index - 1];
    if (before === undefined) return;
    if (before.number === each.number) throw new HistoryFault(`There are two checkpoints ${each.number}, both signed`);
    const isNext = before.number + 1 === each.number;
    if (before.size > each.size || (isNext && each.previousHash !== checkpointHash(before)))
      throw new HistoryFault(
        `Checkpoint ${each.number} does not follow checkpoint ${before.number}, though both are signed`,
      );
  });
}

function checkpointsIn(line: string, number: number): Checkpoint[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InvalidEvidence(`Line ${number} of the checkpoints is not JSON`);
  }
  const { items, checkpoint } = Object(value) as { items?: unknown; checkpoint?: unknown };
  return (Array.isArray(items) ? items : [checkpoint ?? value]).filter(isCheckpoint);
}

function isCheckpoint(value: unknown): value is Checkpoint {
  const { number, size, root, signature } = Object(value) as Partial<Record<keyof Checkpoint, unknown>>;
  return (
    Number.isSafeInteger(number) &&
    Number.isSafeInteger(size) &&
    typeof root === 'string' &&
    typeof signature === 'string'
  );
}
