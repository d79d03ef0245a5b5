import { createHash } from 'node:crypto';

/** A complete subtree of 2^`height` leaves, the `index`th of its height, counted from 0. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** Leaves `from` up to, and without, `to`. */
export interface Leaves {
  readonly from: number;
  readonly to: number;
}

/** The root of a tree without leaves. */
export const emptyRoot = createHash('sha256').digest();

/** A row of history as a leaf: RFC 6962, 2.1, of the kind of approval, a line feed, and the row's hash in hexadecimal. */
export function leafHash(kind: string, rowHash: string): Buffer {
  return createHash('sha256').update('\0').update(`${kind}\n${rowHash}`).digest();
}

/** RFC 6962, 2.1. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update('\x01').update(left).update(right).digest();
}

/** The hash of a tree over trees, of which all but the last are complete and each is larger than the next. */
export function rootOver(subtrees: readonly Buffer[]): Buffer {
  return subtrees.length === 0 ? emptyRoot : subtrees.reduceRight((root, left) => nodeHash(left, root));
}

/** The complete subtrees that leaves fall into, the largest first, where `from` is a multiple of the first one's size. */
export function subtreesOf({ from, to }: Leaves): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to;) {
    const height = Math.floor(Math.log2(to - at));
    subtrees.push({ height, index: at / 2 ** height });
    at += 2 ** height;
  }
  return subtrees;
}

/** A tree that takes further leaves: it keeps the hashes of `subtreesOf` all its leaves, and no more. */
export class GrowingTree {
  /** @param hashes of `subtreesOf` the `size` leaves there are */
  constructor(
    public size = 0,
    private readonly hashes: Buffer[] = [],
  ) {}

  get root(): Buffer {
    return rootOver(this.hashes);
  }

  /** @param completed is called for each subtree of height 1 or more that is complete with this leaf */
  append(leaf: Buffer, completed: (subtree: Subtree, hash: Buffer) => void = () => undefined): void {
    let hash = leaf;
    this.size += 1;
    for (let height = 1; this.size % 2 ** height === 0; height += 1) {
      hash = nodeHash(this.hashes.pop() as Buffer, hash);
      completed({ height, index: this.size / 2 ** height - 1 }, hash);
    }
    this.hashes.push(hash);
  }
}

/** Whose hashes prove that leaf `index` is in the tree of `size` leaves, from the leaf up: RFC 6962, 2.1.1. */
export function inclusionPath(index: number, { from, to }: Leaves): Leaves[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...inclusionPath(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionPath(index, { from: middle, to }), { from, to: middle }];
}

/** Whose hashes prove that the tree of `first` leaves is the beginning of this one: RFC 6962, 2.1.2. */
export function consistencyPath(first: number, { from, to }: Leaves, isFirstTree = true): Leaves[] {
  if (first === 0) return [];
  if (first === to - from) return isFirstTree ? [] : [{ from, to }];
  const split = splitOf(to - from);
  const middle = from + split;
  return first <= split
    ? [...consistencyPath(first, { from, to: middle }, isFirstTree), { from: middle, to }]
    : [...consistencyPath(first - split, { from: middle, to }, false), { from, to: middle }];
}

/** The largest power of two below a size. */
function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}
