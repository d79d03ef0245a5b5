import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited, failuresOfOperators, RequiresRole } from '../../accounts/operators/authorization';
import { type Operator } from '../../accounts/operators/operator';
import { admin } from '../../accounts/operators/operator.strategies';
import { Authenticate, CurrentPrincipal } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { AcceptsJson } from '../../platform/http/body';
import { IdempotencyKey } from '../../platform/http/idempotency-key';
import { Answers } from '../../platform/openapi/answers';
import { AnswersListed, AnswersOrdered, AnswersShown } from './recall.answers';
import { ListRecalls, OrderRecallIn, type RecallPage, type ShownRecall } from './recall.dto';
import { RecallRefusal } from './recall.errors';
import { RecallService } from './recall.service';

@Controller('admin/v1/recalls')
@Authenticate(admin)
@ApiTags('Recalls')
export class RecallAdminController {
  constructor(private readonly recalls: RecallService) {}

  @Post()
  @RequiresRole('support')
  @AcceptsJson()
  @HttpCode(200)
  @ApiOperation({
    summary: 'End what is pending of a person, a relying party, a client, a device or a tenant, or one approval',
    description: [
      'Of a person or one approval: at once, in one transaction over all kinds of approvals. Of a wider target: by a job (202),',
      'which ends what had begun when it was ordered. Each is cancelled as its owner would cancel it, also where the owner',
      'may no longer; its callers are answered as of any that is cancelled.',
    ].join('\n'),
  })
  @AnswersOrdered(failuresOfOperators)
  order(
    @Body() { tenant: tenantId, ...order }: OrderRecallIn,
    @CurrentPrincipal() { actor }: Operator,
    @IdempotencyKey() key?: string,
  ): Promise<ShownRecall> {
    return this.recalls.order({ tenantId, actor }, order, key);
  }

  @Get()
  @RequiresRole('viewer', { narrows: true })
  @Audited()
  @ApiOperation({ summary: 'List the recalls of the operator’s tenants' })
  @AnswersListed(failuresOfOperators)
  list(@Query() query: ListRecalls, @CurrentPrincipal() operator: Operator): Promise<RecallPage> {
    return this.recalls.list(query, operator);
  }

  @Get(':id')
  @RequiresRole('viewer', { narrows: true })
  @Audited()
  @ApiOperation({ summary: 'Show a recall, and how far it is' })
  @AnswersShown(failuresOfOperators)
  find(@Param('id') id: string, @CurrentPrincipal() { tenants }: Operator): Promise<ShownRecall> {
    return this.recalls.find(id, tenants);
  }

  @Delete(':id')
  @RequiresRole('support', { narrows: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Stop a recall that is running; what it has ended stays so' })
  @Answers(problemErrorFormat, { status: 204 }, [
    ...failuresOfOperators,
    new RecallRefusal('NOT_FOUND'),
    new RecallRefusal('RECALL_OVER'),
  ])
  cancel(@Param('id') id: string, @CurrentPrincipal() operator: Operator): Promise<void> {
    return this.recalls.cancel(id, operator);
  }
}
