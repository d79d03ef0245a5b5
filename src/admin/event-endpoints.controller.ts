import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { failuresOfOperators } from '../accounts/operators/authorization';
import { admin } from '../accounts/operators/operator.strategies';
import { Authenticate } from '../platform/auth/authenticate';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { AcceptsJson } from '../platform/http/body';
import { Answers } from '../platform/openapi/answers';
import {
  AdminRefusal,
  AnswersChanged,
  AnswersCreated,
  AnswersDeleted,
  AnswersFound,
  AnswersListed,
  type Page,
  UuidPageQuery,
} from './admin.answers';
import {
  ChangeEventEndpoint,
  CreatedEventEndpoint,
  CreateEventEndpoint,
  QueuedTest,
  RotateEventSecret,
  ShownEventDelivery,
  ShownEventEndpoint,
} from './event-endpoints.dto';
import { EventEndpointsService } from './event-endpoints.service';
import { slugId, uuidId } from './input';

const id = '0b2e7a1c-5f0e-4a55-9d0a-3f6f0c1d2e3b';
const deliveryId = '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11';
const at = '2025-01-15T10:30:00.000Z';
const publicKey = 'whpk_MCpLXJR3G1yXcA4sJ8TgIRrZTZ6pK3xzGVfC0l6bM0A=';

const example = {
  id,
  tenantId: 'acme',
  url: 'https://shop.acme.example/events',
  types: ['approval.ended'],
  kinds: null,
  description: 'Backend of the shop',
  publicKey,
  state: 'enabled',
  failingSince: null,
  disabledAt: null,
  createdAt: at,
};

const exampleSecret = { id, secret: 'whsec_Zm9yLWV4YW1wbGUtb25seS1ub3QtYS1yZWFsLXNlY3I=', publicKey };

const exampleDelivery = {
  id: deliveryId,
  content: { type: 'endpoint.test', timestamp: at, data: { tenant: 'acme', endpoint: id } },
  state: 'delivered',
  attempts: 1,
  lastError: null,
  createdAt: at,
  nextAttemptAt: null,
  endedAt: at,
};

@Controller('admin/v1/tenants/:tenantId/event-endpoints')
@Authenticate(admin)
@ApiTags('Event endpoints')
export class EventEndpointsController {
  constructor(private readonly endpoints: EventEndpointsService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Register where events are posted; the secret that signs them is shown this once' })
  @AnswersCreated(CreatedEventEndpoint, exampleSecret, ['TENANT_NOT_FOUND'])
  create(
    @Param('tenantId', slugId) tenantId: string,
    @Body() input: CreateEventEndpoint,
  ): Promise<CreatedEventEndpoint> {
    return this.endpoints.create(tenantId, input);
  }

  @Get()
  @ApiOperation({ summary: 'List the event endpoints of a tenant' })
  @AnswersListed(ShownEventEndpoint, example, id, ['TENANT_NOT_FOUND', 'NOT_FOUND'])
  list(@Param('tenantId', slugId) tenantId: string, @Query() query: UuidPageQuery): Promise<Page<ShownEventEndpoint>> {
    return this.endpoints.list(tenantId, query);
  }

  @Get(':endpointId')
  @ApiOperation({ summary: 'Show an event endpoint' })
  @AnswersFound(ShownEventEndpoint, example, ['NOT_FOUND'])
  get(
    @Param('tenantId', slugId) tenantId: string,
    @Param('endpointId', uuidId) endpointId: string,
  ): Promise<ShownEventEndpoint> {
    return this.endpoints.get(tenantId, endpointId);
  }

  @Patch(':endpointId')
  @AcceptsJson()
  @ApiOperation({ summary: 'Change an event endpoint; what is left out stays as it is' })
  @AnswersChanged(ShownEventEndpoint, example, ['NOT_FOUND'])
  change(
    @Param('tenantId', slugId) tenantId: string,
    @Param('endpointId', uuidId) endpointId: string,
    @Body() input: ChangeEventEndpoint,
  ): Promise<ShownEventEndpoint> {
    return this.endpoints.change(tenantId, endpointId, input);
  }

  @Delete(':endpointId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiOperation({ summary: 'Delete an event endpoint; what is still to be delivered to it is abandoned' })
  @AnswersDeleted(['NOT_FOUND'])
  delete(@Param('tenantId', slugId) tenantId: string, @Param('endpointId', uuidId) endpointId: string): Promise<void> {
    return this.endpoints.delete(tenantId, endpointId);
  }

  @Post(':endpointId/secret')
  @AcceptsJson()
  @ApiOperation({ summary: 'Give an event endpoint another secret, which is shown this once; both sign for a while' })
  @AnswersCreated(CreatedEventEndpoint, exampleSecret, ['NOT_FOUND'])
  rotateSecret(
    @Param('tenantId', slugId) tenantId: string,
    @Param('endpointId', uuidId) endpointId: string,
    @Body() input: RotateEventSecret,
  ): Promise<CreatedEventEndpoint> {
    return this.endpoints.rotateSecret(tenantId, endpointId, input);
  }

  @Post(':endpointId/test')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Have a test event sent to an endpoint' })
  @Answers(problemErrorFormat, { status: 202, body: QueuedTest, examples: { queued: { deliveryId } } }, [
    ...failuresOfOperators,
    new AdminRefusal('NOT_FOUND'),
    new AdminRefusal('ENDPOINT_DISABLED'),
  ])
  test(
    @Param('tenantId', slugId) tenantId: string,
    @Param('endpointId', uuidId) endpointId: string,
  ): Promise<QueuedTest> {
    return this.endpoints.test(tenantId, endpointId);
  }

  @Get(':endpointId/deliveries')
  @ApiOperation({
    summary: 'List what was or is to be delivered to an endpoint, the newest first',
    description:
      'One that has ended is delivered again, under the same id, by `POST /admin/v1/deliveries/{id}/redeliver`.',
  })
  @AnswersListed(ShownEventDelivery, exampleDelivery, deliveryId, ['NOT_FOUND'])
  deliveriesOf(
    @Param('tenantId', slugId) tenantId: string,
    @Param('endpointId', uuidId) endpointId: string,
    @Query() query: UuidPageQuery,
  ): Promise<Page<ShownEventDelivery>> {
    return this.endpoints.deliveriesOf(tenantId, endpointId, query);
  }
}
