import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import {
  AnswersChanged,
  AnswersCreated,
  AnswersDeleted,
  AnswersFound,
  AnswersListed,
  type Page,
  PageQuery,
} from './admin.answers';
import { slugId } from './input';
import {
  ChangeRelyingParty,
  CreateRelyingParty,
  RelyingPartiesService,
  ShownRelyingParty,
} from './relying-parties.service';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';

const example = {
  clientId: 'acme-portal',
  tenantId: 'acme',
  name: 'Acme Portal',
  jwks: null,
  jwksUrl: 'https://portal.acme.example/jwks',
  redirectUrl: 'https://portal.acme.example/signed',
  webhookUrl: 'https://portal.acme.example/webhook',
  createdAt: '2025-01-15T10:30:00.000Z',
};

@Controller('admin/v1/tenants/:tenantId/relying-parties')
@Authenticate(admin)
@ApiTags('Relying parties')
export class RelyingPartiesController {
  constructor(private readonly parties: RelyingPartiesService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Register a relying party' })
  @AnswersCreated(ShownRelyingParty, example, ['TENANT_NOT_FOUND', 'ALREADY_EXISTS', 'ID_RETIRED'])
  create(@Param('tenantId', slugId) tenantId: string, @Body() input: CreateRelyingParty): Promise<ShownRelyingParty> {
    return this.parties.create(tenantId, input);
  }

  @Get()
  @ApiOperation({ summary: 'List the relying parties of a tenant' })
  @AnswersListed(ShownRelyingParty, example, 'acme-portal', ['TENANT_NOT_FOUND', 'NOT_FOUND'])
  list(@Param('tenantId', slugId) tenantId: string, @Query() query: PageQuery): Promise<Page<ShownRelyingParty>> {
    return this.parties.list(tenantId, query);
  }

  @Get(':clientId')
  @ApiOperation({ summary: 'Show a relying party' })
  @AnswersFound(ShownRelyingParty, example, ['NOT_FOUND'])
  get(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
  ): Promise<ShownRelyingParty> {
    return this.parties.get(tenantId, clientId);
  }

  @Patch(':clientId')
  @AcceptsJson()
  @ApiOperation({ summary: 'Change a relying party; what is left out stays as it is' })
  @AnswersChanged(ShownRelyingParty, example, ['NOT_FOUND'])
  change(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
    @Body() input: ChangeRelyingParty,
  ): Promise<ShownRelyingParty> {
    return this.parties.change(tenantId, clientId, input);
  }

  @Delete(':clientId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a relying party; its open sign requests are cancelled' })
  @AnswersDeleted(['NOT_FOUND'])
  delete(
    @Param('tenantId', slugId) tenantId: string,
    @Param('clientId', slugId) clientId: string,
    @CurrentPrincipal() { actor }: Operator,
  ): Promise<void> {
    return this.parties.delete(tenantId, clientId, actor);
  }
}
