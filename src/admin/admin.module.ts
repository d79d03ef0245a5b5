import { eventWebhooks } from '../approvals/events/event-webhooks';
import { type Definition } from '../platform/openapi/documents';
import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller';
import { ApiKeysService } from './api-keys.service';
import { ApprovalsController } from './approvals.controller';
import { ApprovalsService } from './approvals.service';
import { AuditController } from './audit.controller';
import { AuditService } from './audit.service';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { OperatorCalls } from './operator-calls';
import { Deletions } from './deletions';
import { EventEndpointsController } from './event-endpoints.controller';
import { EventEndpointsService } from './event-endpoints.service';
import { CheckpointProofsService, HistoryService } from './history.service';
import { CheckpointsController, HistoryController } from './history.controller';
import { OauthClientsController } from './oauth-clients.controller';
import { OauthClientsService } from './oauth-clients.service';
import { RelyingPartiesController } from './relying-parties.controller';
import { RelyingPartiesService } from './relying-parties.service';
import { LoginController, SessionController } from './login/login.controller';
import { LoginService } from './login/login.service';
import { SigningKeysController } from './signing-keys.controller';
import { Targets } from './input';
import { TenantTokensController } from './tenant-tokens.controller';
import { TenantTokensService } from './tenant-tokens.service';
import { TenantsController } from './tenants.controller';
import { TenantsService } from './tenants.service';
import { ActivationCodeController, UsersController } from './users.controller';
import { UsersService } from './users.service';

export const adminDefinition: Definition = {
  name: 'admin',
  title: 'Administration',
  description: [
    'Registering tenants and those they know, and reading what became of an approval.',
    'Changes hold at once on the server they were made on, and within five seconds on every other.',
    'Secrets are shown once, when they are made, and kept hashed.',
    '',
    'An operator has a role: `viewer` reads, `support` looks up people and stops what is pending, `admin` does all. One who',
    'has some of the tenants is answered of every other as of one that does not exist.',
  ].join('\n'),
  bases: ['/admin'],
  webhooks: eventWebhooks,
  examples: {
    tenantId: 'demo',
    tokenId: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b',
    keyId: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b',
    clientId: 'test-client-id',
    endpointId: '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b',
    userId: 'alice',
    kind: 'otp',
    id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
  },
};

/** Registering tenants and those they know; part of the application only where there is an administrator. */
@Module({
  controllers: [
    TenantsController,
    TenantTokensController,
    OauthClientsController,
    RelyingPartiesController,
    UsersController,
    ActivationCodeController,
    ApprovalsController,
    HistoryController,
    CheckpointsController,
    SigningKeysController,
    ApiKeysController,
    AuditController,
    EventEndpointsController,
    LoginController,
    SessionController,
  ],
  providers: [
    { provide: APP_INTERCEPTOR, useClass: OperatorCalls },
    Targets,
    Deletions,
    TenantsService,
    TenantTokensService,
    OauthClientsService,
    RelyingPartiesService,
    UsersService,
    ApprovalsService,
    HistoryService,
    CheckpointProofsService,
    ApiKeysService,
    AuditService,
    EventEndpointsService,
    LoginService,
  ],
})
export class AdminModule {}
