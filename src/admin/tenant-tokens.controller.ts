import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import {
  AnswersChanged,
  AnswersCreated,
  AnswersDeleted,
  AnswersListed,
  type Page,
  UuidPageQuery,
} from './admin.answers';
import { slugId, uuidId } from './input';
import {
  ChangeTenantToken,
  CreateTenantToken,
  CreatedTenantToken,
  ShownTenantToken,
  TenantTokensService,
} from './tenant-tokens.service';
import { admin } from '../accounts/operators/operator.strategies';

const id = '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b';

const example = {
  id,
  name: 'backend',
  createdAt: '2025-01-15T10:30:00.000Z',
  expiresAt: '2030-01-15T10:30:00.000Z',
};

@Controller('admin/v1/tenants/:tenantId/tokens')
@Authenticate(admin)
@ApiTags('Tenant tokens')
export class TenantTokensController {
  constructor(private readonly tokens: TenantTokensService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Make a tenant token, which is shown this once' })
  @AnswersCreated(CreatedTenantToken, { id, token: 'Zm9yLWV4YW1wbGUtb25seS1ub3QtYS1yZWFsLXRva2Vu' }, [
    'TENANT_NOT_FOUND',
  ])
  create(@Param('tenantId', slugId) tenantId: string, @Body() input: CreateTenantToken): Promise<CreatedTenantToken> {
    return this.tokens.create(tenantId, input);
  }

  @Get()
  @ApiOperation({ summary: 'List the tokens of a tenant' })
  @AnswersListed(ShownTenantToken, example, id, ['TENANT_NOT_FOUND', 'NOT_FOUND'])
  list(@Param('tenantId', slugId) tenantId: string, @Query() query: UuidPageQuery): Promise<Page<ShownTenantToken>> {
    return this.tokens.list(tenantId, query);
  }

  @Patch(':tokenId')
  @AcceptsJson()
  @ApiOperation({ summary: 'Give a token an end, or another, or none' })
  @AnswersChanged(ShownTenantToken, example, ['NOT_FOUND'])
  change(
    @Param('tenantId', slugId) tenantId: string,
    @Param('tokenId', uuidId) tokenId: string,
    @Body() input: ChangeTenantToken,
  ): Promise<ShownTenantToken> {
    return this.tokens.change(tenantId, tokenId, input);
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a token' })
  @AnswersDeleted(['NOT_FOUND'])
  revoke(@Param('tenantId', slugId) tenantId: string, @Param('tokenId', uuidId) tokenId: string): Promise<void> {
    return this.tokens.revoke(tenantId, tokenId);
  }
}
