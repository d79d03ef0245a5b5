import { randomUUID } from 'node:crypto';
import { Injectable, Body, Controller, Post } from '@nestjs/common';
import { ApiProperty, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { sign } from 'jsonwebtoken';
import { Failed } from '../platform/envelope/failure';
import { Public } from '../platform/auth/authenticate';
import { AcceptsJson } from '../platform/http/body';
import { demo, SandboxKeys } from './demo';
import { SandboxAnswers } from './sandbox.answers';

class SignToken {
  /** What the token says; `client_id`, `iat`, `exp` and `jti` are filled in where they are not given. */
  @IsObject({ message: 'claims must be an object' })
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { request_id: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332' },
  })
  claims: Record<string, unknown>;
}

class SignedToken {
  @ApiProperty()
  token: string;
}

const lifeSeconds = 120;

/** Signs what the demo relying party would sign. */
@Injectable()
export class SignTokenService {
  constructor(private readonly keys: SandboxKeys) {}

  /**
   * A fresh token of the demo relying party. Given claims are taken as they are, wrong ones too, so that refusals can be tried.
   * @throws Failed `invalid-input` when a time among the claims is not a number
   */
  async sign({ claims }: SignToken): Promise<SignedToken> {
    const { clientId } = demo.relyingParty;
    const iat = Math.floor(Date.now() / 1000);
    const payload = { client_id: clientId, iat, exp: iat + lifeSeconds, jti: randomUUID(), ...claims };
    const privateKey = await this.keys.privateKey(clientId);
    try {
      return { token: sign(payload, privateKey, { algorithm: 'ES256', keyid: clientId }) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'cannot be signed';
      throw new Failed({ kind: 'invalid-input', faults: [{ field: 'claims', problem }] });
    }
  }
}

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
