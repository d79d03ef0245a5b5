import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type TenantPrincipal } from '../../accounts/tokens/access-tokens';
import { tenant } from '../../accounts/tokens/tenant.strategies';
import { Authenticate, CurrentPrincipal } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { IdempotencyKey } from '../../platform/http/idempotency-key';
import { failuresOf } from '../../platform/openapi/answers';
import { type Definition } from '../../platform/openapi/documents';
import { AnswersOrdered, AnswersShown, exampleId } from './recall.answers';
import { OrderRecall, type ShownRecall } from './recall.dto';
import { RecallRefusal } from './recall.errors';
import { TenantRecalls } from './tenant-recalls';

export const recallDefinition: Definition = {
  name: 'recalls',
  title: 'Recalls',
  description: [
    'What a tenant calls to end what is pending in it, over all kinds of approvals: of a person, a relying party, a client or',
    'a device, all of it, or one approval. It does so with a tenant token, or with an access token that has the scope `recall`',
    '(`scope` in its claims, RFC 9068). The built-in token endpoint gives that scope to the OAuth clients that are registered',
    'with it, where they ask for it.',
  ].join('\n'),
  bases: ['/recalls'],
  examples: { id: exampleId },
};

const failures = [...failuresOf.authentication, new RecallRefusal('INSUFFICIENT_SCOPE')];

/** Recalls as a tenant orders them, in itself. */
@Controller('recalls')
@Authenticate(tenant)
@ApiTags('Recalls')
export class RecallController {
  constructor(private readonly recalls: TenantRecalls) {}

  @Post()
  @AcceptsJson()
  @HttpCode(200)
  @ApiOperation({
    summary: 'End what is pending of a person, a relying party, a client, a device or the tenant, or one approval',
    description: [
      'Of a person or one approval: at once, in one transaction over all kinds of approvals. Of a wider target: by a job (202),',
      'which ends what had begun when it was ordered.',
    ].join('\n'),
  })
  @AnswersOrdered(failures)
  order(
    @Body() order: OrderRecall,
    @CurrentPrincipal() principal: TenantPrincipal,
    @IdempotencyKey() key?: string,
  ): Promise<ShownRecall> {
    return this.recalls.order(principal, order, key);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Show a recall of the tenant, and how far it is' })
  @AnswersShown(failures)
  find(@Param('id') id: string, @CurrentPrincipal() principal: TenantPrincipal): Promise<ShownRecall> {
    return this.recalls.find(principal, id);
  }
}
