import { Global, Module } from '@nestjs/common';
import { ApprovalOwners } from './approval-owners';
import { ApprovalsClock } from './approvals-clock';
import { History } from './history';
import { LifecycleEngine } from './lifecycle-engine';
import { MeasuredLifecycleEngine } from './measured-lifecycle-engine';

@Global()
@Module({
  providers: [{ provide: LifecycleEngine, useClass: MeasuredLifecycleEngine }, History, ApprovalsClock, ApprovalOwners],
  exports: [LifecycleEngine, History, ApprovalsClock, ApprovalOwners],
})
export class ApprovalsModule {}
