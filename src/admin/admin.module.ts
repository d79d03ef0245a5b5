import { Module } from '@nestjs/common';
import { Deletions } from './deletions';
import { CheckpointProofsService } from './history/checkpoint-proofs.service';
import { CheckpointsController } from './history/checkpoints.controller';
import { HistoryController } from './history/history.controller';
import { HistoryService } from './history/history.service';
import { OauthClientsController } from './oauth-clients/oauth-clients.controller';
import { OauthClientsService } from './oauth-clients/oauth-clients.service';
import { RelyingPartiesController } from './relying-parties/relying-parties.controller';
import { RelyingPartiesService } from './relying-parties/relying-parties.service';
import { SigningKeysController } from './signing-keys/signing-keys.controller';
import { Targets } from './targets';
import { TenantTokensController } from './tenant-tokens/tenant-tokens.controller';
import { TenantTokensService } from './tenant-tokens/tenant-tokens.service';
import { TenantsController } from './tenants/tenants.controller';
import { TenantsService } from './tenants/tenants.service';
import { UsersController } from './users/users.controller';
import { UsersService } from './users/users.service';

/** Registering tenants and those they know; part of the application only where there is an administrator. */
@Module({
  controllers: [
    TenantsController,
    TenantTokensController,
    OauthClientsController,
    RelyingPartiesController,
    UsersController,
    HistoryController,
    CheckpointsController,
    SigningKeysController,
  ],
  providers: [
    Targets,
    Deletions,
    TenantsService,
    TenantTokensService,
    OauthClientsService,
    RelyingPartiesService,
    UsersService,
    HistoryService,
    CheckpointProofsService,
  ],
})
export class AdminModule {}
