import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { OutboundClient } from '../../platform/outbound/outbound-client';
import { type Settings, SETTINGS } from '../../platform/settings/settings';
import { Statements } from '../../platform/database/statements';
import { Jobs } from '../../platform/jobs/jobs';
import { CheckpointRepository } from './checkpoint.repository';
import { type Checkpoint, checkpointHash } from './checkpoint';
import { CheckpointKey } from './checkpoint-key';
import { HistoryTree } from './history-tree';

/** Checkpoints in one call: more than an outage of some hours leaves. */
const postedAtOnce = 500;
const timeoutSeconds = 5;
const maxResponseBytes = 64 * 1024;

/** The outside party at CHECKPOINT_URL, which keeps the checkpoints out of reach of those who write to the database. */
@Injectable()
export class CheckpointReceiver {
  private readonly log = new Logger('History');
  private readonly url: string | undefined;

  constructor(
    @Inject(SETTINGS) { checkpointUrl }: Settings,
    private readonly checkpoints: CheckpointRepository,
    private readonly outbound: OutboundClient,
  ) {
    this.url = checkpointUrl;
  }

  /** Sends what it has not taken yet, a checkpoint a line, in their order; a failure is logged, and the next time tries again. */
  async post(): Promise<void> {
    if (this.url === undefined) return;
    const found = await this.checkpoints.list(await this.checkpoints.posted(), postedAtOnce);
    const newest = found.at(-1);
    if (newest === undefined) return;
    const body = found.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join('');
    const headers = { 'Content-Type': 'application/x-ndjson' };
    try {
      const call = { url: this.url, method: 'POST', headers, body, timeoutSeconds, maxResponseBytes };
      const { status } = await this.outbound.request(call);
      if (status < 200 || status > 299) throw new Error(`CHECKPOINT_URL answered ${status}`);
    } catch (err) {
      this.log.warn({ err, checkpoint: newest.number }, 'CHECKPOINT_URL has not taken the checkpoints');
      return;
    }
    await this.checkpoints.setPosted(newest.number);
  }
}

/** Rows that one checkpoint takes at most; while there are more, the next follows at once. */
const batchSize = 5_000;

/** Rows that are given their numbers at once: more, since looking for them costs the same however many are taken. */
const countedAtOnce = 20_000;

/** Signs each minute, on one of the nodes, what the whole history is. */
@Injectable()
export class CheckpointsService implements OnModuleInit {
  private readonly log = new Logger('History');

  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
    private readonly checkpoints: CheckpointRepository,
    private readonly tree: HistoryTree,
    private readonly key: CheckpointKey,
    private readonly receiver: CheckpointReceiver,
  ) {}

  onModuleInit(): void {
    this.jobs.everyMinute('history-checkpoint', (size) => this.checkpoint(size), batchSize);
  }

  /**
   * Counts the rows that are new, and signs the tree with them.
   * @returns how many rows the tree has taken; 0 where another node is at it
   * @throws Error when the last checkpoint is not ours, or the tree is not what it says
   */
  async checkpoint(size = batchSize): Promise<number> {
    const made = await this.statements.transaction((client) => this.make(size, client));
    if (made === undefined) return 0;
    this.log.log({ checkpoint: made.checkpoint }, 'Checkpoint of the history');
    if (made.rows < size) await this.receiver.post();
    return made.rows;
  }

  private async make(size: number, client: ClientBase): Promise<{ checkpoint: Checkpoint; rows: number } | undefined> {
    const count = await this.checkpoints.hold(client);
    if (count === undefined) return undefined;
    // Read before the rows are: what was committed until then is among them.
    const { now, settled } = await this.checkpoints.instants(client);
    const last = await this.checkpoints.last(client);
    const tree = await this.tree.grown(last?.size ?? 0, client);
    if (last !== undefined) this.check(last, tree.root);
    let rows = await this.tree.grow(tree, size, client);
    if (rows < size) {
      await this.checkpoints.count(count.countedUntil, countedAtOnce, client);
      rows += await this.tree.grow(tree, size - rows, client);
    }
    const isComplete = rows < size;
    if (isComplete) await this.checkpoints.settle(settled, client);
    const checkpoint = this.key.sign({
      number: (last?.number ?? 0) + 1,
      size: tree.size,
      root: tree.root.toString('hex'),
      at: now.toISOString(),
      completeUntil: isComplete ? settled.toISOString() : (last?.completeUntil ?? null),
      previousHash: last === undefined ? null : checkpointHash(last),
    });
    await this.checkpoints.add(checkpoint, client);
    return { checkpoint, rows };
  }

  /** What was forged in the database must not be signed over. */
  private check(last: Checkpoint, root: Buffer): void {
    if (!this.key.hasSigned(last)) throw new Error(`Checkpoint ${last.number} of the history is not signed by our key`);
    if (root.toString('hex') !== last.root)
      throw new Error(
        `The tree of history is not that of checkpoint ${last.number}: npm run verify-history tells more`,
      );
  }
}
