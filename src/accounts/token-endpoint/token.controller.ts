import { Body, Controller, Header, Headers, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { AcceptsForm, bodyLimitBytes } from '../../platform/http/body';
import { Answers, failuresOf } from '../../platform/openapi/answers';
import { type Attempt, CurrentAttempt, Throttled } from '../../platform/rate-limit/throttle.guard';
import { accessTokenLifeSeconds } from '../tokens/access-tokens';
import { TokenAnswer, TokenRequest } from './token.dto';
import { tokenErrorFormat, TokenRefusal } from './token.error-format';
import { TokenService } from './token.service';

const exampleToken = {
  access_token: 'eyJhbGciOiJFUzI1NiIs…',
  token_type: 'Bearer',
  expires_in: accessTokenLifeSeconds,
};

/** The built-in issuer's token endpoint. Source: RFC 6749, sections 4.4 and 5. */
@Controller('auth/realms/:tenantId/protocol/openid-connect')
@ApiTags('Access tokens')
@Public()
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  @Post('token')
  @Throttled('token')
  @AcceptsForm()
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Get an access token for a registered OAuth client' })
  @Answers(
    tokenErrorFormat,
    {
      status: 200,
      body: TokenAnswer,
      examples: { granted: exampleToken, scoped: { ...exampleToken, scope: 'recall' } },
    },
    [
      new TokenRefusal('invalid_client'),
      new TokenRefusal('invalid_request'),
      new TokenRefusal('unsupported_grant_type'),
      new TokenRefusal('invalid_scope'),
      { kind: 'too-large', limitBytes: bodyLimitBytes },
      ...failuresOf.rateLimit,
    ],
  )
  @Header('Cache-Control', 'no-store')
  @Header('Pragma', 'no-cache')
  issue(
    @Param('tenantId') tenantId: string,
    @Headers('authorization') authorization: string | undefined,
    @Body() request: TokenRequest,
    @CurrentAttempt() attempt: Attempt,
  ): Promise<TokenAnswer> {
    return this.tokens.issue(tenantId, authorization, request, attempt);
  }
}
