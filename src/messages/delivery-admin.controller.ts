import { Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../platform/auth/authenticate';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { Answers, failuresOf } from '../platform/openapi/answers';
import { admin } from '../accounts/tokens/admin.strategy';
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
  @ApiOperation({ summary: 'The 100 newest deliveries, by state and tenant' })
  @Answers(problemErrorFormat, { status: 200, body: DeliveryList, examples: { found: { items: [exampleDelivery] } } }, [
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
    { kind: 'invalid-input', faults: [{ field: 'state', problem: 'state must be one of pending, delivered' }] },
  ])
  list(@Query() query: FindDeliveries): Promise<DeliveryList> {
    return this.deliveries.list(query);
  }

  @Post(':id/redeliver')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Begin the schedule of a delivery that has ended anew, under the same id' })
  @Answers(problemErrorFormat, { status: 204 }, [
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
    new DeliveryRefusal('DELIVERY_NOT_FOUND'),
    new DeliveryRefusal('DELIVERY_PENDING'),
  ])
  redeliver(@Param('id') id: string): Promise<void> {
    return this.deliveries.redeliver(id);
  }
}
