import { Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { ActivationCode } from './activation-codes';
import { ActivationService, NoSuchUser } from './activation.service';
import { admin } from '../../accounts/tokens/admin.strategy';

const exampleCode = { activationCode: 'K7QM2-9XWTA', expiresAt: '2025-01-15T10:40:00.000Z' };

@Controller('admin/v1/tenants/:tenantId/users/:userId/activation-codes')
@ApiTags('Users')
@Authenticate(admin)
export class ActivationCodeController {
  constructor(private readonly activation: ActivationService) {}

  @Post()
  @ApiOperation({ summary: 'Make a code by which one device of this user can be enrolled, once, within ten minutes' })
  @Answers(problemErrorFormat, { status: 201, body: ActivationCode, examples: { issued: exampleCode } }, [
    ...failuresOf.authentication,
    ...failuresOf.rateLimit,
    new NoSuchUser(),
  ])
  issue(@Param('tenantId') tenantId: string, @Param('userId') userId: string): Promise<ActivationCode> {
    return this.activation.issue(tenantId, userId);
  }
}
