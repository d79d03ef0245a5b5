import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsJson } from '../../platform/http/body';
import { SandboxAnswers } from '../sandbox.answers';
import { SignedToken, SignToken } from './sign-token.dto';
import { SignTokenService } from './sign-token.service';

@Controller('sandbox/sign-token')
@Public()
@ApiTags('Sandbox')
export class SignTokenController {
  constructor(private readonly tokens: SignTokenService) {}

  @Post()
  @AcceptsJson()
  @ApiOperation({ summary: 'Have the demo relying party sign a token' })
  @SandboxAnswers(
    {
      status: 201,
      body: SignedToken,
      example: { token: 'eyJhbGciOiJFUzI1NiJ9.eyJjbGllbnRfaWQiOiJ0ZXN0LWNsaWVudC1pZCJ9.c2lnbmF0dXJl' },
    },
    'claims',
    'claims must be an object',
  )
  sign(@Body() input: SignToken): Promise<SignedToken> {
    return this.tokens.sign(input);
  }
}
