import { Module } from '@nestjs/common';
import { Recall1763700000760 } from './migrations/1763700000760-recall';
import { RecallFreeze1763700000762 } from './migrations/1763700000762-recall-freeze';
import { FreezesAdminController } from './freezes-admin.controller';
import { FreezesService } from './freezes.service';
import { RecallAdminController } from './recall-admin.controller';
import { Recall } from './recall.entity';
import { RecallController } from './recall.controller';
import { RecallFinding } from './recall-finding';
import { RecallJob } from './recall-job';
import { RecallRepository } from './recall.repository';
import { RecallService } from './recall.service';
import { RecallTargets } from './recall-target';
import { TenantRecalls } from './tenant-recalls';

export const recallEntities = [Recall];
export const recallMigrations = [Recall1763700000760, RecallFreeze1763700000762];

/** Ends what is pending, of every kind of approval. */
@Module({
  controllers: [RecallController],
  providers: [TenantRecalls, RecallService, RecallRepository, RecallTargets, RecallFinding, RecallJob],
  exports: [RecallService],
})
export class RecallModule {}

/** Recalls as operators order them. */
@Module({
  imports: [RecallModule],
  controllers: [RecallAdminController, FreezesAdminController],
  providers: [FreezesService],
})
export class RecallAdminModule {}
