import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { admin } from '../accounts/operators/operator.strategies';
import { Authenticate } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { AnswersCreated, AnswersDeleted, AnswersListed, type Page, UuidPageQuery } from './admin.answers';
import { RequiresRole } from '../accounts/operators/authorization';
import { ApiKeysService, CreateApiKey, CreatedApiKey, ShownApiKey } from './api-keys.service';
import { uuidId } from './input';

const id = '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b';

const example = {
  id,
  name: 'help-desk',
  role: 'support',
  tenants: ['acme'],
  createdAt: '2025-01-15T10:30:00.000Z',
  expiresAt: '2030-01-15T10:30:00.000Z',
  lastUsedAt: null,
};

@Controller('admin/v1/api-keys')
@Authenticate(admin)
@RequiresRole('admin')
@ApiTags('API keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Make an API key for a machine, which is shown this once' })
  @AnswersCreated(CreatedApiKey, { id, key: 'rescind_Zm9yLWV4YW1wbGUtb25seS1ub3QtYS1yZWFsLWtleQ' }, ['ALREADY_EXISTS'])
  create(@Body() input: CreateApiKey): Promise<CreatedApiKey> {
    return this.keys.create(input);
  }

  @Get()
  @ApiOperation({ summary: 'List API keys' })
  @AnswersListed(ShownApiKey, example, id, [])
  list(@Query() query: UuidPageQuery): Promise<Page<ShownApiKey>> {
    return this.keys.list(query);
  }

  @Delete(':keyId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an API key: it is refused from now on, on other servers within five seconds' })
  @AnswersDeleted(['NOT_FOUND'])
  delete(@Param('keyId', uuidId) keyId: string): Promise<void> {
    return this.keys.delete(keyId);
  }
}
