import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { Answers } from '../platform/openapi/answers';
import { failuresOfOperators, RequiresRole } from '../accounts/operators/authorization';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';
import {
  DeliveryAdminService,
  DeliveryRefusal,
  DeliveryList,
  exampleDelivery,
  FindDeliveries,
} from './delivery-admin.service';

@Controller('admin/v1/deliveries')
@ApiTags('Deliveries')
@Authenticate(admin)
export class DeliveryAdminController {
  constructor(private readonly deliveries: DeliveryAdminService) {}

  @Get()
  @RequiresRole('viewer', { narrows: true })
  @ApiOperation({ summary: 'The 100 newest deliveries, by state and tenant' })
  @Answers(problemErrorFormat, { status: 200, body: DeliveryList, examples: { found: { items: [exampleDelivery] } } }, [
    ...failuresOfOperators,
    { kind: 'invalid-input', faults: [{ field: 'state', problem: 'state must be one of pending, delivered' }] },
  ])
  list(@Query() query: FindDeliveries, @CurrentPrincipal() operator: Operator): Promise<DeliveryList> {
    return this.deliveries.list(query, operator);
  }

  @Post(':id/redeliver')
  @RequiresRole('admin', { narrows: true })
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Begin the schedule of a delivery that has ended anew, under the same id' })
  @Answers(problemErrorFormat, { status: 204 }, [
    ...failuresOfOperators,
    new DeliveryRefusal('DELIVERY_NOT_FOUND'),
    new DeliveryRefusal('DELIVERY_PENDING'),
  ])
  redeliver(@Param('id') id: string, @CurrentPrincipal() operator: Operator): Promise<void> {
    return this.deliveries.redeliver(id, operator);
  }
}
