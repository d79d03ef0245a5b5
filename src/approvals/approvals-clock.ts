import { Injectable } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../platform/database/statement';
import { Statements } from '../platform/database/statements';
import { Notifier } from '../platform/notify/notifier';
import { now } from './transition-statement';

/** Writes down all timeouts of one kind of approval that are due, with what follows from them, on this connection. */
export type WriteDownTimeouts = (client: ClientBase) => Promise<unknown>;

/** Readers of the clock wait meanwhile, so that no answer names an end that is not written down. */
const hold = statement('approvals-clock-hold', 'LOCK TABLE approval_clock IN ACCESS EXCLUSIVE MODE');

const laterOfBoth = statement(
  'approvals-clock-later',
  'UPDATE approval_clock SET advance = GREATEST(advance, make_interval(secs => :offsetSeconds))',
);

const set = statement(
  'approvals-clock-set',
  `UPDATE approval_clock SET advance = make_interval(secs => :offsetSeconds) RETURNING ${now} AS now`,
);

/** The approvals' notion of now, on all nodes. */
@Injectable()
export class ApprovalsClock {
  private readonly kinds: WriteDownTimeouts[] = [];

  constructor(
    private readonly statements: Statements,
    private readonly notifier: Notifier,
  ) {}

  /** Says who writes the timeouts of a kind of approval down; to be called while modules initialize. */
  beforeTransition(writeDown: WriteDownTimeouts): void {
    this.kinds.push(writeDown);
  }

  /**
   * Sets how far the clock is ahead of the real one, and answers what it shows. What is over by the time before or
   * after is written down, so that its notices leave at once, and it stays over when the clock is moved back.
   */
  move(offsetSeconds: number): Promise<Date> {
    return this.statements.transaction(async (client) => {
      this.statements.afterCommit(client, () => {
        this.notifier.notifyAllTopics();
      });
      await this.statements.run(hold, {}, client);
      await this.statements.run(laterOfBoth, { offsetSeconds }, client);
      for (const writeDown of this.kinds) await writeDown(client);
      const [clock] = await this.statements.run<{ now: Date }>(set, { offsetSeconds }, client);
      if (clock === undefined) throw new Error('There is no clock');
      return clock.now;
    });
  }
}
