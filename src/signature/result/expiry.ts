import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApprovalsClock } from '../../approvals/approvals-clock';
import { LifecycleEngine, prepareLapse, prepareSweep } from '../../approvals/lifecycle-engine';
import { Jobs } from '../../platform/jobs/jobs';
import { signatureLifecycle } from '../signature.lifecycle';
import { onceEnded } from './once-ended';

const sweep = prepareSweep(signatureLifecycle, { name: 'signature-expire', ...onceEnded });

const expireAll = prepareLapse(signatureLifecycle, { name: 'signature-expire-all', ...onceEnded });

/** How late a caller may learn that the time of its transaction is over, in milliseconds. */
const everyMs = 1_000;

const atOnce = 500;

/**
 * Writes down what the clock has ended, so that its caller is told. Nothing else depends on this:
 * every answer goes by the clock, whether or not a sweep has been here.
 */
@Injectable()
export class Expiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly engine: LifecycleEngine,
    private readonly clock: ApprovalsClock,
  ) {}

  onModuleInit(): void {
    this.jobs.loop({ name: 'signature-timeouts', everyMs, run: () => this.sweep() });
    this.clock.beforeMove((client) => this.engine.moveAll(expireAll, { actor: 'clock' }, client));
  }

  private async sweep(): Promise<void> {
    const expired = await this.engine.moveAll(sweep, { actor: 'clock', size: atOnce });
    // There may be more of them.
    if (expired.length === atOnce) this.jobs.nudge('signature-timeouts');
  }
}
