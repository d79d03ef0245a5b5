import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { AnswersChanged, AnswersCreated, AnswersDeleted, AnswersListed, type Page, PageQuery } from './admin.answers';
import { slugId } from './input';
import {
  ChangeOauthClient,
  CreatedOauthClient,
  CreateOauthClient,
  OauthClientsService,
  ReplaceSecret,
  ShownOauthClient,
} from './oauth-clients.service';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';

const example = {
  clientId: 'backend',
  name: 'Backend of the shop',
  scopes: ['recall'],
  createdAt: '2025-01-15T10:30:00.000Z',
};
const exampleSecret = { clientId: 'backend', clientSecret: 'Zm9yLWV4YW1wbGUtb25seS1ub3QtYS1yZWFsLXNlY3JldA' };

@Controller('admin/v1/tenants/:tenantId/oauth-clients')
@Authenticate(admin)
@ApiTags('OAuth clients')
export class OauthClientsController {
  constructor(private readonly clients: OauthClientsService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Register an OAuth client, whose secret is shown this once' })
  @AnswersCreated(CreatedOauthClient, exampleSecret, ['TENANT_NOT_FOUND', 'ALREADY_EXISTS', 'ID_RETIRED'])
  create(@Param('tenantId', slugId) tenantId: string, @Body() input: CreateOauthClient): Promise<CreatedOauthClient> {
    return this.clients.create(tenantId, input);
  }

  @Get()
  @ApiOperation({ summary: 'List the OAuth clients of a tenant' })
  @AnswersListed(ShownOauthClient, example, 'backend', ['TENANT_NOT_FOUND', 'NOT_FOUND'])
  list(@Param('tenantId', slugId) tenantId: string, @Query() query: PageQuery): Promise<Page<ShownOauthClient>> {
    return this.clients.list(tenantId, query);
  }

  @Patch(':clientId')
  @AcceptsJson()
  @ApiOperation({ summary: 'Change an OAuth client; what is left out stays as it is' })
  @AnswersChanged(ShownOauthClient, example, ['NOT_FOUND'])
  change(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
    @Body() input: ChangeOauthClient,
  ): Promise<ShownOauthClient> {
    return this.clients.change(tenantId, clientId, input);
  }

  @Post(':clientId/secret')
  @AcceptsJson()
  @ApiOperation({ summary: 'Give an OAuth client another secret, which is shown this once' })
  @AnswersCreated(CreatedOauthClient, exampleSecret, ['NOT_FOUND'])
  replaceSecret(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
    @Body() input: ReplaceSecret,
  ): Promise<CreatedOauthClient> {
    return this.clients.replaceSecret(tenantId, clientId, input);
  }

  @Delete(':clientId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an OAuth client, and with it the tokens it was given; what it began is cancelled' })
  @AnswersDeleted(['NOT_FOUND'])
  delete(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
    @CurrentPrincipal() { actor }: Operator,
  ): Promise<void> {
    return this.clients.delete(tenantId, clientId, actor);
  }
}
