import { createHash } from 'node:crypto';

const node = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from([1]), left, right]))
    .digest();

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** The root that an inclusion proof leads to: RFC 9162, 2.1.3.2. Hashes are hexadecimal. */
export function rootByInclusion(leaf: string, index: number, size: number, path: readonly string[]): string {
  let [fn, sn, root] = [index, size - 1, bytes(leaf)];
  for (const sibling of path.map(bytes)) {
    if (sn === 0) throw new Error('The path is too long');
    if (fn % 2 === 1 || fn === sn) {
      root = node(sibling, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else root = node(root, sibling);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  if (sn !== 0) throw new Error('The path is too short');
  return root.toString('hex');
}

/** The roots of the first and the second tree that a consistency proof leads to: RFC 9162, 2.1.4.2. */
export function rootsByConsistency(
  [first, firstRoot]: readonly [size: number, root: string],
  second: number,
  path: readonly string[],
): readonly [string, string] {
  if (first === second) return [firstRoot, firstRoot];
  const isPowerOfTwo = (first & (first - 1)) === 0;
  const hashes = [...(isPowerOfTwo ? [firstRoot] : []), ...path].map(bytes);
  let [fn, sn] = [first - 1, second - 1];
  while (fn % 2 === 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [older, newer] = [hashes[0]!, hashes[0]!];
  for (const hash of hashes.slice(1)) {
    if (sn === 0) throw new Error('The path is too long');
    if (fn % 2 === 1 || fn === sn) {
      [older, newer] = [node(hash, older), node(hash, newer)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else newer = node(newer, hash);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  if (sn !== 0) throw new Error('The path is too short');
  return [older.toString('hex'), newer.toString('hex')];
}
