import { Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../../platform/auth/authenticate';
import { problemDialect } from '../../platform/envelope/problem.dialect';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { SigningKeys } from '../../accounts/signing-keys/signing-keys';
import { admin } from '../../accounts/tokens/admin.strategy';

const kid = '3f0c1d2e-3b5f-4a55-9d0a-0b2e7a1c5f0e';

@Controller('admin/v1/keys')
@Authenticate(admin)
@ApiTags('Signing keys')
export class SigningKeysController {
  constructor(private readonly keys: SigningKeys) {}

  @Post('rotate')
  @ApiOperation({
    summary: 'Make the key that signs from now on',
    description:
      'Once every server knows it, some seconds later, it takes the place of the one before, which stays published for a day.',
  })
  @Answers(problemDialect, { 201: { rotated: { kid } } }, failuresOf.authentication)
  async rotate(): Promise<{ kid: string }> {
    return { kid: await this.keys.rotate() };
  }
}
