import { Injectable } from '@nestjs/common';
import { type MigrationInterface, type QueryRunner } from 'typeorm';
import { checkStatus, lifecycle, type TransitionOf, type StateOf } from '../../../src/approvals/lifecycle';
import { LifecycleEngine, type OutcomeOf } from '../../../src/approvals/lifecycle-engine';
import { prepareFor } from '../../../src/approvals/prepare';

/** A visitor waits at the gate until admitted or turned away. */
export const visitLifecycle = lifecycle({
  approval: 'visit',
  initial: 'pending',
  states: ['pending', 'admitted', 'expired', 'cancelled'],
  terminal: ['admitted', 'expired', 'cancelled'],
  transitions: {
    admit: { from: ['pending'], to: 'admitted' },
    cancel: { from: ['pending'], to: 'cancelled' },
  },
  timeouts: { pending: 'expired' },
  recall: { transition: 'cancel', from: ['pending'] },
});

export type VisitState = StateOf<typeof visitLifecycle>;
export type VisitTransition = TransitionOf<typeof visitLifecycle>;
export type VisitOutcome = OutcomeOf<typeof visitLifecycle>;

export interface VisitKey {
  readonly tenantId: string;
  readonly id: string;
}

export class Visit1763799999999 implements MigrationInterface {
  name = 'Visit1763799999999';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE visit (
        tenant_id text NOT NULL,
        id text NOT NULL,
        status text NOT NULL,
        revision integer NOT NULL,
        head bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        begun_at timestamptz NOT NULL,
        begun_by text NOT NULL,
        ended_at timestamptz,
        ended_by text,
        visitor text NOT NULL,
        PRIMARY KEY (tenant_id, id),
        CONSTRAINT visit_status CHECK (${checkStatus(visitLifecycle)})
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE visit');
  }
}

const where = 'tenant_id = :tenantId AND id = :id';

const prepare = prepareFor(visitLifecycle);

const beginVisit = prepare.begin({
  name: 'visit-begin',
  owner: 'tenant WHERE id = :tenantId',
  values: { visitor: ':visitor', expires_at: `_now + interval '1 hour'` },
});
const transitions = {
  admit: prepare.transition({ name: 'visit-admit', where, transitions: ['admit'] }),
  cancel: prepare.transition({ name: 'visit-cancel', where, transitions: ['cancel'] }),
};

@Injectable()
export class VisitRepository {
  constructor(private readonly engine: LifecycleEngine) {}

  async begin(key: VisitKey, visitor: string, actor: string): Promise<void> {
    await this.engine.begin(beginVisit, { ...key, subjects: [], visitor, actor });
  }

  transition(transition: VisitTransition, key: VisitKey, actor: string): Promise<VisitOutcome | undefined> {
    return this.engine.transition(transitions[transition], { ...key, actor });
  }
}
