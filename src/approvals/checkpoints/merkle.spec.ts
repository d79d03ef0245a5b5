import { createHash } from 'node:crypto';
import { rootByInclusion, rootsByConsistency } from '../../../test/support/proofs';
import {
  consistencyPath,
  emptyRoot,
  GrowingTree,
  inclusionPath,
  leafHash,
  type Leaves,
  rootOver,
  subtreesOf,
} from './merkle';

/** The inputs and roots that implementations of Certificate Transparency (RFC 6962) test with. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => createHash('sha256').update('\0').update(Buffer.from(hex, 'hex')).digest(),
);
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('A tree', () => {
  const sizes = Array.from({ length: 70 }, (_, size) => size + 1);
  const leaves = sizes.map((each) => leafHash('otp', `${each}`));
  const treeOf = (hashes: readonly Buffer[]): GrowingTree => {
    const tree = new GrowingTree();
    for (const hash of hashes) tree.append(hash);
    return tree;
  };
  const known = new Map<string, Buffer>();
  const rootOf = ({ from, to }: Leaves): Buffer => {
    const root = known.get(`${from}-${to}`) ?? treeOf(leaves.slice(from, to)).root;
    known.set(`${from}-${to}`, root);
    return root;
  };
  const hexes = (path: readonly Leaves[]): string[] => path.map((part) => rootOf(part).toString('hex'));

  it('has the roots that implementations of Certificate Transparency test with', () => {
    const computed = roots.map((_, size) => treeOf(inputs.slice(0, size)).root.toString('hex'));
    expect(computed).toEqual(roots);
    expect(emptyRoot.toString('hex')).toBe(roots[0]);
  });

  it('hashes a leaf over kind and hash, with the prefix that inner nodes do not have', () => {
    const leaf = createHash('sha256')
      .update(Buffer.from([0]))
      .update('otp\nabc')
      .digest();
    expect(leafHash('otp', 'abc')).toEqual(leaf);
  });

  it('grows on from the complete subtrees it falls into, and reports each that is completed', () => {
    for (const size of sizes) {
      const first = subtreesOf({ from: 0, to: size }).map(({ height, index }) =>
        rootOf({ from: index * 2 ** height, to: (index + 1) * 2 ** height }),
      );
      expect(rootOver(first)).toEqual(rootOf({ from: 0, to: size }));
      const tree = new GrowingTree(size, first);
      for (const leaf of leaves.slice(size))
        tree.append(leaf, ({ height, index }, hash) => {
          expect(hash).toEqual(rootOf({ from: index * 2 ** height, to: (index + 1) * 2 ** height }));
        });
      expect(tree.root).toEqual(rootOf({ from: 0, to: leaves.length }));
    }
  });

  it('has an inclusion proof for each leaf, at each size', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index += 1) {
        const path = hexes(inclusionPath(index, { from: 0, to: size }));
        const root = rootByInclusion(leaves[index]!.toString('hex'), index, size, path);
        expect(root).toBe(rootOf({ from: 0, to: size }).toString('hex'));
      }
  });

  it('has a consistency proof for each smaller size', () => {
    for (const second of sizes)
      for (let first = 1; first <= second; first += 1) {
        const [older, newer] = [first, second].map((to) => rootOf({ from: 0, to }).toString('hex'));
        const path = hexes(consistencyPath(first, { from: 0, to: second }));
        expect(rootsByConsistency([first, older!], second, path)).toEqual([older, newer]);
      }
  });
});
