import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited, failuresOfOperators, RequiresRole } from '../../accounts/operators/authorization';
import { type Operator } from '../../accounts/operators/operator';
import { admin } from '../../accounts/operators/operator.strategies';
import { Authenticate, CurrentPrincipal } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { Answers } from '../../platform/openapi/answers';
import { FreezePage, ListFreezes } from './freezes.dto';
import { FreezesService } from './freezes.service';
import { exampleId } from './recall.answers';
import { RecallRefusal } from './recall.errors';

const example = {
  id: '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11',
  tenant: 'demo',
  subjects: ['email', 'user:alice'],
  reason: 'She did not ask for this.',
  actor: 'key:help-desk',
  recall: exampleId,
  begunAt: '2025-01-15T10:30:00.000Z',
  endsAt: '2025-01-15T11:30:00.000Z',
  endedAt: null,
  endedBy: null,
};

@Controller('admin/v1/freezes')
@Authenticate(admin)
@ApiTags('Freezes')
export class FreezesAdminController {
  constructor(private readonly freezes: FreezesService) {}

  @Get()
  @RequiresRole('viewer', { narrows: true })
  @Audited()
  @ApiOperation({ summary: 'List the freezes of the operator’s tenants' })
  @Answers(
    problemErrorFormat,
    { status: 200, body: FreezePage, examples: { found: { items: [example], next: null } } },
    [
      ...failuresOfOperators,
      { kind: 'invalid-input', faults: [{ field: 'limit', problem: 'limit must not be greater than 200' }] },
    ],
  )
  list(@Query() query: ListFreezes, @CurrentPrincipal() operator: Operator): Promise<FreezePage> {
    return this.freezes.list(query, operator);
  }

  @Delete(':id')
  @RequiresRole('support', { narrows: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Lift a freeze: what is begun for its target begins again' })
  @Answers(problemErrorFormat, { status: 204 }, [...failuresOfOperators, new RecallRefusal('NOT_FOUND')])
  lift(@Param('id') id: string, @CurrentPrincipal() operator: Operator): Promise<void> {
    return this.freezes.lift(id, operator);
  }
}
