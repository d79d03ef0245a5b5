import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DeviceService } from '../../accounts/devices/device.service';
import { ApprovalsClock } from '../../approvals/approvals-clock';
import { LifecycleEngine } from '../../approvals/lifecycle-engine';
import { prepareFor } from '../../approvals/prepare';
import { Jobs } from '../../platform/jobs/jobs';
import { signatureLifecycle } from '../signature.lifecycle';
import { SignatureRepository } from '../signature.repository';
import { onceEnded } from '../signature.topics';

const prepare = prepareFor(signatureLifecycle);

const sweep = prepare.sweep({ name: 'signature-expire', ...onceEnded });

const expireAll = prepare.timeout({ name: 'signature-expire-all', ...onceEnded });

/** The longest delay before a caller is notified of a timeout, in milliseconds. */
const everyMs = 1_000;

const atOnce = 500;

/**
 * Ends transactions without a call. A sweep stores timeouts so that callers are notified; answers go by the clock,
 * whether or not the timeout is stored. The open transactions of a deleted device are withdrawn from it.
 */
@Injectable()
export class Expiry implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly engine: LifecycleEngine,
    private readonly clock: ApprovalsClock,
    private readonly devices: DeviceService,
    private readonly signatures: SignatureRepository,
  ) {}

  onModuleInit(): void {
    this.jobs.loop({ name: 'signature-timeouts', everyMs, run: () => this.sweep() });
    this.clock.beforeTransition((client) => this.engine.transitionAll(expireAll, { actor: 'clock' }, client));
    this.devices.whenDeleted((device, by, client) => this.signatures.withdrawAll(device, by, client));
  }

  private async sweep(): Promise<void> {
    const expired = await this.engine.transitionAll(sweep, { actor: 'clock', size: atOnce });
    // There may be more of them.
    if (expired.length === atOnce) this.jobs.nudge('signature-timeouts');
  }
}
