import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { type TenantPrincipal } from '../../../src/accounts/tokens/access-tokens';
import { tenant } from '../../../src/accounts/tokens/tenant.strategies';
import { Authenticate, CurrentPrincipal } from '../../../src/platform/auth/authenticate';
import { type ErrorFormat } from '../../../src/platform/envelope/error-format';
import { problemErrorFormat, ProblemRefusal } from '../../../src/platform/envelope/problem.error-format';
import { AcceptsJson } from '../../../src/platform/http/body';
import { Answers, failuresOf } from '../../../src/platform/openapi/answers';
import { LimitPerAddress } from '../../../src/platform/rate-limit/throttle.guard';
import { visitLifecycle, type VisitTransition, VisitRepository, type VisitState } from './visit';

/** This API's failures are problem documents at its own paths. */
export const visitErrorFormat: ErrorFormat = { ...problemErrorFormat, bases: ['/visits'] };

export class VisitRefusal extends ProblemRefusal {
  constructor(
    readonly code: 'VISIT_NOT_FOUND' | 'VISIT_OVER',
    status: number,
    message: string,
  ) {
    super({ status, message });
  }
}

const notFound = new VisitRefusal('VISIT_NOT_FOUND', 404, 'Not found.');
const over = (state: VisitState): VisitRefusal => new VisitRefusal('VISIT_OVER', 409, `The visit is ${state}.`);

export class NewVisit {
  @IsString()
  @MaxLength(100)
  @Matches(/^[^\0]*$/)
  @ApiProperty({ maxLength: 100 })
  visitor!: string;
}

export class VisitId {
  @IsUUID()
  @ApiProperty({ format: 'uuid' })
  id!: string;
}

class VisitStatus {
  @ApiProperty({ enum: [...visitLifecycle.states] })
  status!: VisitState;
}

@Controller('visits')
@ApiTags('Visits')
@Authenticate(tenant)
export class VisitController {
  constructor(private readonly visits: VisitRepository) {}

  @Post()
  @AcceptsJson()
  @LimitPerAddress(1_000, 60)
  @ApiOperation({ summary: 'Announce a visitor' })
  @Answers(visitErrorFormat, { status: 201, body: VisitId, examples: { announced: { id: randomUUID() } } }, [
    ...failuresOf.jsonBody,
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
  ])
  async begin(
    @CurrentPrincipal() { tenantId, actor }: TenantPrincipal,
    @Body() { visitor }: NewVisit,
  ): Promise<{ id: string }> {
    const id = randomUUID();
    await this.visits.begin({ tenantId, id }, visitor, actor);
    return { id };
  }

  @Post(':id/admit')
  @HttpCode(200)
  @ApiOperation({ summary: 'Admit the visitor' })
  @Answers(visitErrorFormat, { status: 200, body: VisitStatus, examples: { admitted: { status: 'admitted' } } }, [
    ...failuresOf.authentication,
    notFound,
    over('cancelled'),
  ])
  admit(@CurrentPrincipal() caller: TenantPrincipal, @Param() { id }: VisitId): Promise<object> {
    return this.transition('admit', caller, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel the visit until the visitor is admitted' })
  @Answers(visitErrorFormat, { status: 200, body: VisitStatus, examples: { cancelled: { status: 'cancelled' } } }, [
    ...failuresOf.authentication,
    notFound,
    over('admitted'),
  ])
  cancel(@CurrentPrincipal() caller: TenantPrincipal, @Param() { id }: VisitId): Promise<object> {
    return this.transition('cancel', caller, id);
  }

  private async transition(
    transition: VisitTransition,
    { tenantId, actor }: TenantPrincipal,
    id: string,
  ): Promise<object> {
    const outcome = await this.visits.transition(transition, { tenantId, id }, actor);
    if (outcome === undefined) throw notFound;
    if (!outcome.moved) throw over(outcome.before);
    return { status: outcome.after };
  }
}
