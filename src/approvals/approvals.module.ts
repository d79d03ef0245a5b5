import { Global, Module } from '@nestjs/common';
import { ApprovalsClock } from './approvals-clock';
import { History } from './history';
import { LifecycleEngine } from './lifecycle-engine';
import { MeasuredLifecycleEngine } from './measured-lifecycle-engine';

@Global()
@Module({
  providers: [{ provide: LifecycleEngine, useClass: MeasuredLifecycleEngine }, History, ApprovalsClock],
  exports: [LifecycleEngine, History, ApprovalsClock],
})
export class ApprovalsModule {}
