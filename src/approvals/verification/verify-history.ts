import { type KeyObject } from 'node:crypto';
import { type Checkpoint, checkpointHash, isSignedBy } from '../checkpoints/checkpoint';
import { GrowingTree, leafHash } from '../checkpoints/merkle';
import { type HistoryReader, type Leaf, type RowName, type WrittenRow } from './history-reader';

/** History, or what was signed of it, is not as it was. The message names the first row that shows it. */
export class HistoryFault extends Error {}

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

/** What was found in order. */
export interface VerifiedHistory {
  /** Rows of history and audit that the newest checkpoint covers. */
  readonly covered: number;
  /** Rows that no checkpoint at hand covers. */
  readonly newer: number;
}

/**
 * Holds a database's history against checkpoints, of which each is signed and follows the one before.
 * @throws HistoryFault when a row was changed, removed or added, naming the first
 */
export async function verifyHistory(
  reader: HistoryReader,
  checkpoints: readonly Checkpoint[],
): Promise<VerifiedHistory> {
  const scan = new LeafScan(checkpoints);
  for await (const leaf of reader.leaves()) scan.take(leaf);
  scan.end();
  let newer = scan.newer;
  for await (const row of reader.uncounted()) {
    const wrong = wrongWith(row) ?? scan.lateness(row);
    if (wrong !== undefined) throw new HistoryFault(`${nameOf(row)} ${wrong}`);
    newer += 1;
  }
  return { covered: scan.covered, newer };
}

/** Walks along the leaves. The list of leaves can be forged like the rows, so it is believed only as far as it is signed. */
class LeafScan {
  covered = 0;
  private readonly tree = new GrowingTree();
  private next = 0;
  private completeUntil = '';
  private firstSince: string | undefined;
  private finding: string | undefined;

  constructor(private readonly checkpoints: readonly Checkpoint[]) {
    this.compare('the beginning');
  }

  get newer(): number {
    return this.tree.size - this.covered;
  }

  take(leaf: Leaf): void {
    const name = nameOf(leaf.name);
    if (leaf.index !== this.tree.size)
      throw new HistoryFault(`The entry ${this.tree.size} of history_leaf, before that of ${name}, was removed`);
    this.firstSince ??= name;
    const wrong = this.wrongWith(leaf);
    if (wrong !== undefined) this.finding ??= `${name} ${wrong}`;
    this.tree.append(leaf.hash);
    this.compare(name);
  }

  end(): void {
    const uncovered = this.checkpoints[this.next];
    if (uncovered !== undefined)
      throw new HistoryFault(
        `Rows were removed: checkpoint ${uncovered.number} covers ${uncovered.size}, there are ${this.tree.size}. ${this.finding ?? ''}`,
      );
    if (this.finding !== undefined) throw new HistoryFault(this.finding);
  }

  /** A row that claims to be from before an instant up to which everything has been signed without it. */
  lateness({ at }: WrittenRow): string | undefined {
    if (at.slice(0, -1) >= this.completeUntil) return undefined;
    return `was added: all rows from before ${this.completeUntil}Z are signed, without this one of ${at}`;
  }

  private wrongWith({ name, hash, row }: Leaf): string | undefined {
    if (row === null) return 'was removed';
    if (!leafHash(name.kind, row.hash).equals(hash)) return 'was changed: it is not the row that was signed';
    return wrongWith(row) ?? this.lateness(row);
  }

  /** Compares the leaves with each checkpoint that covers just these. */
  private compare(last: string): void {
    for (;;) {
      const checkpoint = this.checkpoints[this.next];
      if (checkpoint?.size !== this.tree.size) return;
      if (this.tree.root.toString('hex') !== checkpoint.root)
        throw new HistoryFault(
          `A row from ${this.firstSince ?? last} to ${last} was changed, removed or added, and history_leaf with it: ` +
            `they are not the rows ${this.covered} to ${checkpoint.size - 1} that checkpoint ${checkpoint.number} has signed`,
        );
      if (this.finding !== undefined) throw new HistoryFault(this.finding);
      this.next += 1;
      this.covered = checkpoint.size;
      this.firstSince = undefined;
      this.completeUntil = checkpoint.completeUntil?.slice(0, -1) ?? '';
    }
  }
}

function wrongWith({ hash, expectedHash }: WrittenRow): string | undefined {
  return hash === expectedHash ? undefined : 'was changed: its hash is not that of its content';
}

function nameOf({ kind, tenant, approval, seq }: RowName): string {
  return `Row ${seq} of the ${kind} ${approval} of ${tenant === '' ? 'no tenant' : tenant}`;
}
