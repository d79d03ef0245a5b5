import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApprovalsClock } from '../approvals/approvals-clock';
import { LifecycleEngine, prepareLapse } from '../approvals/lifecycle-engine';
import { signRequestLifecycle } from './sign-request.lifecycle';

const lapse = prepareLapse(signRequestLifecycle, { name: 'sign-request-lapse' });

/** Nobody is told when a request or a session expires: it is written down only before the clock is moved. */
@Injectable()
export class SignRequestExpiry implements OnModuleInit {
  constructor(
    private readonly clock: ApprovalsClock,
    private readonly engine: LifecycleEngine,
  ) {}

  onModuleInit(): void {
    this.clock.beforeMove((client) => this.engine.moveAll(lapse, { actor: 'clock' }, client));
  }
}
