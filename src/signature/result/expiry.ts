import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientBase } from 'pg';
import { statement } from '../../platform/database/statement';
import { Statements } from '../../platform/database/statements';
import { Jobs } from '../../platform/jobs/jobs';
import { queueJob } from '../../platform/jobs/queue-job';
import { ApprovalsClock } from '../../approvals/approvals-clock';
import { LifecycleEngine, prepareLapse, prepareMove } from '../../approvals/lifecycle-engine';
import { isOpenSignature, signatureLifecycle } from '../signature.lifecycle';
import { onceEnded } from './once-ended';

const expiryJob = 'signature-expire';

/** Names the transaction whose time is over. */
interface Alarm {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * SQL that sets the alarm for a transaction's `expires_at`, in place of an earlier one.
 * Alarms go by the real clock; the approvals' may be ahead of it.
 */
export const setAlarm = (from: 'begun' | 'moved' | 'signature', when?: string) =>
  queueJob({
    name: expiryJob,
    from,
    payload: `json_build_object('tenantId', tenant_id, 'id', id)`,
    runAt: 'expires_at - (SELECT advance FROM approval_clock)',
    key: `'${expiryJob} ' || tenant_id || '/' || id`,
    when,
  });

const byKey = 'tenant_id = :tenantId AND id = :id';

const expire = prepareMove(signatureLifecycle, {
  name: 'signature-expire',
  where: byKey,
  moves: ['lapse'],
  also: onceEnded,
});

const expireAll = prepareLapse(signatureLifecycle, { name: 'signature-expire-all', also: onceEnded });

const setAgain = statement('signature-alarm', setAlarm('signature', `${isOpenSignature} AND ${byKey}`));

const setAllAgain = statement('signature-alarms', setAlarm('signature', isOpenSignature));

/**
 * Writes down what the clock has ended, so that its caller is told. Nothing else depends on this:
 * every answer goes by the clock, whether or not the alarm has rung.
 */
@Injectable()
export class Expiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly engine: LifecycleEngine,
    private readonly statements: Statements,
    private readonly clock: ApprovalsClock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(expiryJob, (payload) => this.ring(payload as Alarm));
    this.clock.beforeMove((client) => this.expireAll(client));
  }

  /** An alarm that comes too early, since the clock was put back, is set again. */
  private async ring({ tenantId, id }: Alarm): Promise<void> {
    const outcome = await this.engine.move(expire, { tenantId, id, actor: 'clock' });
    if (outcome?.moved === false) await this.statements.run(setAgain, { tenantId, id });
  }

  private async expireAll(client: ClientBase): Promise<void> {
    await this.engine.moveAll(expireAll, { actor: 'clock', size: null }, client);
    await this.statements.run(setAllAgain, {}, client);
  }
}
