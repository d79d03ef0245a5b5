import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Jobs } from '../../platform/jobs/jobs';
import { queueJob } from '../../platform/jobs/queue-job';
import { LifecycleEngine, prepareMove } from '../../platform/lifecycle/lifecycle-engine';
import { signatureLifecycle } from '../signature.lifecycle';
import { onceEnded } from './once-ended';

const expiryJob = 'signature-expire';

/**
 * SQL that sets the alarm for a transaction's `expires_at`, in place of an earlier one.
 * Alarms go by the real clock; the approvals' may be ahead of it.
 */
export const setAlarm = (from: 'begun' | 'moved', when?: string) =>
  queueJob({
    name: expiryJob,
    from,
    payload: `json_build_object('tenantId', tenant_id, 'id', id)`,
    runAt: 'expires_at - (SELECT advance FROM approval_clock)',
    key: `'${expiryJob} ' || tenant_id || '/' || id`,
    when,
  });

const expire = prepareMove(signatureLifecycle, {
  name: 'signature-expire',
  where: 'tenant_id = :tenantId AND id = :id',
  moves: ['lapse'],
  also: onceEnded,
});

/**
 * Writes down what the clock has ended, so that its caller is told. Nothing else depends on this:
 * every answer goes by the clock, whether or not the alarm has rung.
 */
@Injectable()
export class Expiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly engine: LifecycleEngine,
  ) {}

  onModuleInit(): void {
    this.jobs.register(expiryJob, async (payload) => {
      const { tenantId, id } = payload as { tenantId: string; id: string };
      await this.engine.move(expire, { tenantId, id, actor: 'clock' });
    });
  }
}
