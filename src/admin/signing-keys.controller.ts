import { Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Authenticate } from '../platform/auth/authenticate';
import { problemErrorFormat } from '../platform/envelope/problem.error-format';
import { Answers } from '../platform/openapi/answers';
import { SigningKeys } from '../accounts/signing-keys/signing-keys';
import { failuresOfOperators } from '../accounts/operators/authorization';
import { admin } from '../accounts/operators/operator.strategies';

const kid = '3f0c1d2e-3b5f-4a55-9d0a-0b2e7a1c5f0e';
const webhookKid = '8a4f2c86-6a39-4f0c-9d0e-3f6f2f1f0a11';

class RotatedKeys {
  @ApiProperty({ description: 'Signs access tokens.' })
  kid: string;

  @ApiProperty({ description: 'Signs webhooks.' })
  webhookKid: string;
}

@Controller('admin/v1/keys')
@Authenticate(admin)
@ApiTags('Signing keys')
export class SigningKeysController {
  constructor(private readonly keys: SigningKeys) {}

  @Post('rotate')
  @ApiOperation({
    summary: 'Make the keys that sign access tokens and webhooks from now on',
    description:
      'Once every server knows them, some seconds later, they take the place of those before, which stay published for a day.',
  })
  @Answers(problemErrorFormat, { status: 201, body: RotatedKeys, examples: { rotated: { kid, webhookKid } } }, [
    ...failuresOfOperators,
  ])
  async rotate(): Promise<RotatedKeys> {
    const made = await this.keys.rotate();
    return { kid: made['access-token'], webhookKid: made.webhook };
  }
}
