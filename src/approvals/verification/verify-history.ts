import { type Checkpoint } from '../checkpoints/checkpoint';
import { GrowingTree, leafHash } from '../checkpoints/merkle';
import { HistoryFault } from './history-fault';
import { type FullRow, hashOfRow, type HistoryReader, type Leaf } from './history-reader';

/** What was found in order. */
export interface VerifiedHistory {
  /** Rows that the newest checkpoint covers. */
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
  lateness({ at }: FullRow): string | undefined {
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

function wrongWith(row: FullRow): string | undefined {
  return hashOfRow(row) === row.hash ? undefined : 'was changed: its hash is not that of its content';
}

function nameOf({ kind, tenant, approval, seq }: Leaf['name']): string {
  return `Row ${seq} of the ${kind} ${approval} of ${tenant}`;
}
