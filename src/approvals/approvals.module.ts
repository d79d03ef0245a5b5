import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApprovalOwners } from './approval-owners';
import { ApprovalSearch } from './approval-search';
import { ApprovalsClock } from './approvals-clock';
import { Audit } from './audit/audit';
import { CheckpointKey } from './checkpoints/checkpoint-key';
import { CheckpointReceiver, CheckpointsService } from './checkpoints/checkpoints.service';
import { CheckpointRepository } from './checkpoints/checkpoint.repository';
import { HistoryTree } from './checkpoints/history-tree';
import { EventEndpoint } from './events/event-endpoint.entity';
import { EventEndpoints } from './events/event-endpoints';
import { Events } from './events/event-queue';
import { EventChannel } from './events/event.channel';
import { type ApprovalKind, ApprovalKinds } from './finding';
import { Freezes } from './freezes';
import { History } from './history';
import { LifecycleEngine, MeasuredLifecycleEngine } from './lifecycle-engine';
import { TargetRecalls } from './target-recalls';
import { Sandbox1763700000006 } from './migrations/1763700000006-sandbox';
import { Wake1763700000008 } from './migrations/1763700000008-wake';
import { NoNotices1763700000102 } from './migrations/1763700000102-no-notices';
import { HistoryKind1763700000601 } from './migrations/1763700000601-history-kind';
import { HistoryCheckpoints1763700000602 } from './migrations/1763700000602-history-checkpoints';
import { HistoryReason1763700000700 } from './migrations/1763700000700-history-reason';
import { Freeze1763700000706 } from './migrations/1763700000706-freeze';
import { Audit1763700000721 } from './migrations/1763700000721-audit';
import { EventEndpoint1763700000741 } from './migrations/1763700000741-event-endpoint';

export const approvalEntities = [EventEndpoint];

export const approvalMigrations = [
  Sandbox1763700000006,
  Wake1763700000008,
  NoNotices1763700000102,
  HistoryKind1763700000601,
  HistoryCheckpoints1763700000602,
  HistoryReason1763700000700,
  Freeze1763700000706,
  Audit1763700000721,
  EventEndpoint1763700000741,
];

@Global()
@Module({
  imports: [TypeOrmModule.forFeature(approvalEntities)],
  providers: [
    { provide: LifecycleEngine, useClass: MeasuredLifecycleEngine },
    History,
    Audit,
    ApprovalsClock,
    ApprovalOwners,
    TargetRecalls,
    ApprovalSearch,
    Freezes,
    CheckpointRepository,
    HistoryTree,
    CheckpointKey,
    CheckpointReceiver,
    CheckpointsService,
    EventEndpoints,
    Events,
    EventChannel,
  ],
  exports: [
    TypeOrmModule,
    LifecycleEngine,
    History,
    Audit,
    ApprovalsClock,
    ApprovalOwners,
    TargetRecalls,
    ApprovalSearch,
    Freezes,
    CheckpointRepository,
    HistoryTree,
    CheckpointKey,
    CheckpointsService,
    EventEndpoints,
    Events,
  ],
})
export class ApprovalsModule {}

/** The kinds of approval that search, recall and freeze go over. */
@Module({})
export class ApprovalKindsModule {
  static register(kinds: readonly ApprovalKind[]): DynamicModule {
    const provided = { provide: ApprovalKinds, useValue: new ApprovalKinds(kinds) };
    return { module: ApprovalKindsModule, global: true, providers: [provided], exports: [ApprovalKinds] };
  }
}
