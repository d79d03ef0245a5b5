import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited, failuresOfOperators } from '../accounts/operators/authorization';
import { Authenticate, CurrentPrincipal } from '../platform/auth/authenticate';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { AcceptsJson } from '../platform/http/body';
import { Answers } from '../platform/openapi/answers';
import {
  AnswersChanged,
  AnswersCreated,
  AnswersDeleted,
  AnswersFound,
  AnswersListed,
  type Page,
  PageQuery,
} from './admin.answers';
import { slugId, userId as userIdPipe } from './input';
import { ActivationCode, ChangeUser, CreateUser, ShownUser } from './users.dto';
import { NoSuchUser, UsersService } from './users.service';
import { type Operator } from '../accounts/operators/operator';
import { admin } from '../accounts/operators/operator.strategies';

const example = {
  tenantId: 'acme',
  userId: 'alice@acme.example',
  displayName: 'Alice',
  email: 'a•••@example.com',
  telephone: '•••4567',
  signer: null,
  createdAt: '2025-01-15T10:30:00.000Z',
};

@Controller('admin/v1/tenants/:tenantId/users')
@Authenticate(admin)
@ApiTags('Users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({
    summary: 'Register a user',
    description: 'E-mail address, telephone number and signer are kept as keyed hashes, and shown masked.',
  })
  @AnswersCreated(ShownUser, example, ['TENANT_NOT_FOUND', 'ALREADY_EXISTS', 'ID_RETIRED', 'IDENTIFIER_TAKEN'])
  create(@Param('tenantId', slugId) tenantId: string, @Body() input: CreateUser): Promise<ShownUser> {
    return this.users.create(tenantId, input);
  }

  @Get()
  @Audited()
  @ApiOperation({ summary: 'List the users of a tenant' })
  @AnswersListed(ShownUser, example, example.userId, ['TENANT_NOT_FOUND', 'NOT_FOUND'])
  list(@Param('tenantId', slugId) tenantId: string, @Query() query: PageQuery): Promise<Page<ShownUser>> {
    return this.users.list(tenantId, query);
  }

  @Get(':userId')
  @Audited()
  @ApiOperation({ summary: 'Show a user' })
  @AnswersFound(ShownUser, example, ['NOT_FOUND'])
  get(@Param('tenantId', slugId) tenantId: string, @Param('userId', userIdPipe) userId: string): Promise<ShownUser> {
    return this.users.get(tenantId, userId);
  }

  @Patch(':userId')
  @AcceptsJson()
  @ApiOperation({
    summary: 'Change a user; what is left out stays as it is, null takes it away',
    description: 'What hangs on an identifier hangs on the user from then on.',
  })
  @AnswersChanged(ShownUser, example, ['NOT_FOUND', 'IDENTIFIER_TAKEN'])
  change(
    @Param('tenantId', slugId) tenantId: string,
    @Param('userId', userIdPipe) userId: string,
    @Body() input: ChangeUser,
  ): Promise<ShownUser> {
    return this.users.change(tenantId, userId, input);
  }

  @Delete(':userId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user with their devices; what is asked of them is cancelled' })
  @AnswersDeleted(['NOT_FOUND'])
  delete(
    @Param('tenantId', slugId) tenantId: string,
    @Param('userId', userIdPipe) userId: string,
    @CurrentPrincipal() { actor }: Operator,
  ): Promise<void> {
    return this.users.delete(tenantId, userId, actor);
  }
}

const exampleCode = { activationCode: 'K7QM2-9XWTA', expiresAt: '2025-01-15T10:40:00.000Z' };

@Controller('admin/v1/tenants/:tenantId/users/:userId/activation-codes')
@Authenticate(admin)
@ApiTags('Users')
export class ActivationCodeController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @ApiOperation({ summary: 'Make a code by which one device of this user can be enrolled, once, within ten minutes' })
  @Answers(problemErrorFormat, { status: 201, body: ActivationCode, examples: { issued: exampleCode } }, [
    ...failuresOfOperators,
    new NoSuchUser(),
  ])
  issue(@Param('tenantId') tenantId: string, @Param('userId') userId: string): Promise<ActivationCode> {
    return this.users.issueActivationCode(tenantId, userId);
  }
}
