import { Global, Module } from '@nestjs/common';
import { ApprovalOwners } from './approval-owners';
import { ApprovalsClock } from './approvals-clock';
import { CheckpointKey } from './checkpoints/checkpoint-key';
import { CheckpointReceiver } from './checkpoints/checkpoint-receiver';
import { CheckpointRepository } from './checkpoints/checkpoint.repository';
import { CheckpointsService } from './checkpoints/checkpoints.service';
import { HistoryTree } from './checkpoints/history-tree';
import { History } from './history';
import { LifecycleEngine } from './lifecycle-engine';
import { MeasuredLifecycleEngine } from './measured-lifecycle-engine';

@Global()
@Module({
  providers: [
    { provide: LifecycleEngine, useClass: MeasuredLifecycleEngine },
    History,
    ApprovalsClock,
    ApprovalOwners,
    CheckpointRepository,
    HistoryTree,
    CheckpointKey,
    CheckpointReceiver,
    CheckpointsService,
  ],
  exports: [
    LifecycleEngine,
    History,
    ApprovalsClock,
    ApprovalOwners,
    CheckpointRepository,
    HistoryTree,
    CheckpointKey,
    CheckpointsService,
  ],
})
export class ApprovalsModule {}
