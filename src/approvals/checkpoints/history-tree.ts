import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { type ApprovalName, type HistoryRow } from '../history';
import {
  consistencyPath,
  GrowingTree,
  inclusionPath,
  type Leaves,
  nodeHash,
  rootOver,
  type Subtree,
  subtreesOf,
} from './merkle';

/** Subtrees are kept of heights that are multiples of this. */
const heightStep = 8;

const leaves = statement(
  'history-tree-leaves',
  'SELECT hash FROM history_leaf WHERE number >= :from::bigint ORDER BY number LIMIT :limit',
);
const subtrees = statement(
  'history-tree-subtrees',
  `SELECT hash FROM history_subtree WHERE height = :height::smallint AND index >= :from::bigint ORDER BY index LIMIT :limit`,
);
const keep = statement(
  'history-tree-keep',
  `INSERT INTO history_subtree (height, index, hash)
   SELECT * FROM unnest(:heights::smallint[], :indexes::bigint[], :hashes::bytea[])`,
);
const indexOf = statement(
  'history-tree-index',
  `SELECT number::float8 FROM history_leaf
   WHERE at = :at::timestamptz AND tenant_id = :tenantId AND kind = :kind AND approval = :approval AND seq = :seq`,
);

/** The Merkle tree over the counted rows of history and audit (RFC 6962), as it is kept in the database. */
@Injectable()
export class HistoryTree {
  constructor(private readonly statements: Statements) {}

  /** The tree of the first `size` leaves, to be grown. */
  async grown(size: number, client: ClientBase): Promise<GrowingTree> {
    return new GrowingTree(size, await this.hashes(subtreesOf({ from: 0, to: size }), client));
  }

  /** Appends up to `limit` of the counted rows that the tree lacks. @returns how many */
  async grow(tree: GrowingTree, limit: number, client: ClientBase): Promise<number> {
    const found = await this.statements.run<{ hash: Buffer }>(leaves, { from: tree.size, limit }, client);
    const completed: (Subtree & { readonly hash: Buffer })[] = [];
    for (const leaf of found)
      tree.append(leaf.hash, (subtree, hash) => {
        if (subtree.height % heightStep === 0) completed.push({ ...subtree, hash });
      });
    const kept = {
      heights: completed.map(({ height }) => height),
      indexes: completed.map(({ index }) => index),
      hashes: completed.map(({ hash }) => hash),
    };
    if (completed.length > 0) await this.statements.run(keep, kept, client);
    return found.length;
  }

  /** The number of a row of history among the leaves, from 0; undefined until it is counted. */
  async indexOf(name: ApprovalName, { seq, at }: Pick<HistoryRow, 'seq' | 'at'>): Promise<number | undefined> {
    const { tenantId, kind, approval } = name;
    return (await this.statements.run<{ number: number }>(indexOf, { tenantId, kind, approval, seq, at }))[0]?.number;
  }

  /** Proves that leaf `index` is in the tree of `size` leaves: RFC 6962, 2.1.1. */
  inclusion(index: number, size: number): Promise<Buffer[]> {
    return this.roots(inclusionPath(index, { from: 0, to: size }));
  }

  /** Proves that the tree of `first` leaves is the beginning of that of `second`: RFC 6962, 2.1.2. */
  consistency(first: number, second: number): Promise<Buffer[]> {
    return this.roots(consistencyPath(first, { from: 0, to: second }));
  }

  private async roots(path: readonly Leaves[]): Promise<Buffer[]> {
    const roots: Buffer[] = [];
    for (const part of path) roots.push(rootOver(await this.hashes(subtreesOf(part))));
    return roots;
  }

  private async hashes(wanted: readonly Subtree[], client?: ClientBase): Promise<Buffer[]> {
    const hashes: Buffer[] = [];
    for (const each of wanted) hashes.push(await this.hash(each, client));
    return hashes;
  }

  /** Computes a subtree from those kept next below it. */
  private async hash({ height, index }: Subtree, client?: ClientBase): Promise<Buffer> {
    const below = height % heightStep;
    const limit = 2 ** below;
    const values = { from: index * limit, limit };
    const kept = height - below;
    const rows = await (kept === 0
      ? this.statements.run<{ hash: Buffer }>(leaves, values, client)
      : this.statements.run<{ hash: Buffer }>(subtrees, { ...values, height: kept }, client));
    let level = rows.map(({ hash }) => hash);
    if (level.length < limit)
      throw new Error(`The tree of history lacks nodes of height ${kept} from ${values.from} on`);
    while (level.length > 1)
      level = level.flatMap((left, at) => (at % 2 === 0 ? [nodeHash(left, level[at + 1] as Buffer)] : []));
    return level[0] as Buffer;
  }
}
