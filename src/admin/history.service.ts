import { Injectable } from '@nestjs/common';
import { History } from '../approvals/history';
import { AdminRefusal, type Page } from './admin.answers';
import {
  type HistoryQuery,
  type ApprovalHistory,
  type CheckpointPageQuery,
  type ConsistencyQuery,
  type InclusionQuery,
  type Consistency,
  type IncludedRow,
  type Inclusion,
} from './history.dto';
import { type Checkpoint } from '../approvals/checkpoints/checkpoint';
import { CheckpointKey } from '../approvals/checkpoints/checkpoint-key';
import { CheckpointRepository } from '../approvals/checkpoints/checkpoint.repository';
import { HistoryTree } from '../approvals/checkpoints/history-tree';
import { leafHash } from '../approvals/checkpoints/merkle';

/** What became of an approval. */
@Injectable()
export class HistoryService {
  constructor(private readonly history: History) {}

  /** @throws AdminRefusal NOT_FOUND */
  async of({ tenant, kind, approval }: HistoryQuery): Promise<ApprovalHistory> {
    const rows = await this.history.of({ tenantId: tenant, kind, approval });
    if (rows.length === 0) throw new AdminRefusal('NOT_FOUND');
    return { approval, kind, rows };
  }
}

/** What proves that history is what it was. */
@Injectable()
export class CheckpointProofsService {
  constructor(
    private readonly history: History,
    private readonly checkpoints: CheckpointRepository,
    private readonly tree: HistoryTree,
    private readonly key: CheckpointKey,
  ) {}

  async list({ limit, after }: CheckpointPageQuery): Promise<Page<Checkpoint>> {
    const found = await this.checkpoints.list(Number(after ?? 0), limit + 1);
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? String(items.at(-1)?.number) : null };
  }

  publicKey(): object {
    return this.key.publicJwk;
  }

  /** @throws AdminRefusal CHECKPOINT_NOT_FOUND; CHECKPOINTS_REVERSED when the second is the older one */
  async consistency(query: ConsistencyQuery): Promise<Consistency> {
    if (query.first > query.second) throw new AdminRefusal('CHECKPOINTS_REVERSED');
    const first = await this.find(query.first);
    const second = await this.find(query.second);
    return { first, second, path: (await this.tree.consistency(first.size, second.size)).map(toHex) };
  }

  /**
   * The rows of one approval; those that the checkpoint came too early for are left out.
   * @throws AdminRefusal NOT_FOUND, CHECKPOINT_NOT_FOUND
   */
  async inclusion({ tenant, kind, approval, checkpoint: number }: InclusionQuery): Promise<Inclusion> {
    const name = { tenantId: tenant, kind, approval };
    const found = await this.history.of(name);
    if (found.length === 0) throw new AdminRefusal('NOT_FOUND');
    const checkpoint = await this.find(number);
    const rows: IncludedRow[] = [];
    for (const row of found) {
      const leafIndex = await this.tree.indexOf(name, row);
      if (leafIndex === undefined || leafIndex >= checkpoint.size) continue;
      const path = (await this.tree.inclusion(leafIndex, checkpoint.size)).map(toHex);
      rows.push({ seq: row.seq, leafHash: toHex(leafHash(kind, row.hash)), leafIndex, path });
    }
    return { checkpoint, rows };
  }

  private async find(number: number | undefined): Promise<Checkpoint> {
    const found = await (number === undefined ? this.checkpoints.last() : this.checkpoints.find(number));
    if (found === undefined) throw new AdminRefusal('CHECKPOINT_NOT_FOUND');
    return found;
  }
}

const toHex = (hash: Buffer): string => hash.toString('hex');
