import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresRole } from '../accounts/operators/authorization';
import { type Operator } from '../accounts/operators/operator';
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
import { ChangeTenant, CreateTenant, ShownTenant, TenantsService } from './tenants.service';
import { admin } from '../accounts/operators/operator.strategies';

const example = {
  id: 'acme',
  name: 'Acme Ltd',
  issuer: 'https://login.acme.example',
  jwksUrl: 'https://login.acme.example/jwks',
  audience: 'https://rescind.example',
  sandbox: false,
  createdAt: '2025-01-15T10:30:00.000Z',
};

@Controller('admin/v1/tenants')
@Authenticate(admin)
@ApiTags('Tenants')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Register a tenant' })
  @AnswersCreated(ShownTenant, example, ['ALREADY_EXISTS', 'ID_RETIRED', 'ISSUER_TAKEN'])
  create(@Body() input: CreateTenant): Promise<ShownTenant> {
    return this.tenants.create(input);
  }

  @Get()
  @RequiresRole('viewer', { narrows: true })
  @ApiOperation({ summary: 'List the tenants that the operator has' })
  @AnswersListed(ShownTenant, example, 'acme', [])
  list(@Query() query: PageQuery, @CurrentPrincipal() operator: Operator): Promise<Page<ShownTenant>> {
    return this.tenants.list(query, operator);
  }

  @Get(':tenantId')
  @ApiOperation({ summary: 'Show a tenant' })
  @AnswersFound(ShownTenant, example, ['NOT_FOUND'])
  get(@Param('tenantId', slugId) tenantId: string): Promise<ShownTenant> {
    return this.tenants.get(tenantId);
  }

  @Patch(':tenantId')
  @AcceptsJson()
  @ApiOperation({ summary: 'Change a tenant; what is left out stays as it is' })
  @AnswersChanged(ShownTenant, example, ['NOT_FOUND', 'ISSUER_TAKEN'])
  change(@Param('tenantId', slugId) tenantId: string, @Body() input: ChangeTenant): Promise<ShownTenant> {
    return this.tenants.change(tenantId, input);
  }

  @Delete(':tenantId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a tenant and those it knows; what is open is cancelled, approvals and history stay',
  })
  @AnswersDeleted(['NOT_FOUND'])
  delete(@Param('tenantId', slugId) tenantId: string, @CurrentPrincipal() { actor }: Operator): Promise<void> {
    return this.tenants.delete(tenantId, actor);
  }
}
