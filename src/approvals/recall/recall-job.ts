import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { Statements } from '../../platform/database/statements';
import { type Round } from '../../platform/jobs/background-loop';
import { Jobs } from '../../platform/jobs/jobs';
import { recallBatch } from '../prepare';
import { TargetRecalls, wasRecalled } from '../target-recalls';
import { RecallFinding } from './recall-finding';
import { targetOf } from './recall-target';
import { RecallRepository, type RunningRecall } from './recall.repository';

/** Each node's loop that gets on with the recalls of wide targets. */
export const recallLoop = 'recalls';

/** How late a node may go on with what another has left, in milliseconds. */
const everyMs = 1_000;

/**
 * Recalls of wide targets, one batch after another. A batch and what it adds to the progress are one transaction that holds
 * the recall's row, so that a node that dies leaves nothing half done, and nothing held.
 */
@Injectable()
export class RecallJob implements OnModuleInit {
  /** The one last taken: the next batch is of another, where there is one. */
  private last = '00000000-0000-0000-0000-000000000000';

  constructor(
    private readonly statements: Statements,
    private readonly jobs: Jobs,
    private readonly recalls: RecallRepository,
    private readonly targetRecalls: TargetRecalls,
    private readonly finding: RecallFinding,
  ) {}

  onModuleInit(): void {
    this.jobs.loop({ name: recallLoop, everyMs, run: (round) => this.run(round) });
  }

  private async run({ signal, progress }: Round): Promise<void> {
    while (!signal.aborted && (await this.advance())) progress();
  }

  /** Answers whether there was anything to do. */
  private advance(): Promise<boolean> {
    return this.statements.transaction(async (client) => {
      const recall = await this.recalls.takeRunning(this.last, client);
      if (recall === undefined) return false;
      this.last = recall.id;
      await (recall.progress.some(({ total }) => total === null)
        ? this.count(recall, client)
        : this.end(recall, client));
      return true;
    });
  }

  private async count(recall: RunningRecall, client: ClientBase): Promise<void> {
    const { tenantId, target, kinds, instant: begunUntil } = recall;
    const progress = await this.finding.count(tenantId, targetOf(target), { kinds, begunUntil }, client);
    await this.recalls.advance(recall, { progress }, client);
  }

  /** Ends a batch of each kind. Nothing that began in time is left once nothing is found. */
  private async end(recall: RunningRecall, client: ClientBase): Promise<void> {
    const { tenantId, target, kinds, instant: begunUntil } = recall;
    const bounds = { kinds, begunUntil, size: recallBatch };
    const outcomes = await this.targetRecalls.recall(tenantId, targetOf(target), recall, bounds, client);
    const progress = recall.progress.map(({ kind, total, done }) => {
      const ended = outcomes.filter((each) => each.kind === kind && wasRecalled(each));
      return { kind, total, done: done + ended.length };
    });
    if (outcomes.length > 0) await this.recalls.advance(recall, { progress }, client);
    else await this.recalls.finish(recall, { progress, approvals: null }, client);
  }
}
