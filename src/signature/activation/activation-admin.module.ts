import { Controller, Injectable, Module, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Registry } from '../../accounts/tenants/registry';
import { admin } from '../../accounts/tokens/admin.strategy';
import { Authenticate } from '../../platform/auth/authenticate';
import { DomainRefusal } from '../../platform/envelope/failure';
import { problemErrorFormat, type ProblemRefusal } from '../../platform/envelope/problem.error-format';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { SignatureModule } from '../signature.module';
import { ActivationCode, ActivationCodes } from './activation-codes';

/** The user that a device should be enrolled for does not exist. */
class NoSuchUser extends DomainRefusal implements ProblemRefusal {
  readonly code = 'NOT_FOUND';
  readonly status = 404;

  constructor() {
    super('There is no such user.');
    this.name = 'NoSuchUser';
  }
}

/** Issues the activation codes by which users enrol devices. */
@Injectable()
class ActivationService {
  constructor(
    private readonly registry: Registry,
    private readonly codes: ActivationCodes,
  ) {}

  /** @throws NoSuchUser */
  async issue(tenantId: string, userId: string): Promise<ActivationCode> {
    const known = (await this.registry.tenant(tenantId)) && (await this.registry.hasUser(tenantId, userId));
    const code = known ? await this.codes.issue(tenantId, userId) : undefined;
    if (code === undefined) throw new NoSuchUser();
    return code;
  }
}

const exampleCode = { activationCode: 'K7QM2-9XWTA', expiresAt: '2025-01-15T10:40:00.000Z' };

@Controller('admin/v1/tenants/:tenantId/users/:userId/activation-codes')
@ApiTags('Users')
@Authenticate(admin)
class ActivationCodeController {
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

/** The routes of this API that are for administrators. */
@Module({
  imports: [SignatureModule],
  controllers: [ActivationCodeController],
  providers: [ActivationService],
})
export class ActivationAdminModule {}
