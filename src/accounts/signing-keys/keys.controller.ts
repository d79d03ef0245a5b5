import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/auth/authenticate';
import { problemErrorFormat } from '../../platform/envelope/problem.error-format';
import { Answers } from '../../platform/openapi/answers';
import { SigningKeys } from './signing-keys';

class Jwk {
  @ApiProperty({ enum: ['EC'] })
  kty: string;

  @ApiProperty({ enum: ['P-256'] })
  crv: string;

  @ApiProperty()
  x: string;

  @ApiProperty()
  y: string;

  @ApiProperty()
  kid: string;

  @ApiProperty({ enum: ['sig'] })
  use: string;

  @ApiProperty({ enum: ['ES256'] })
  alg: string;
}

class JwkSet {
  @ApiProperty({ type: [Jwk] })
  keys: readonly Jwk[];
}

const exampleKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  kid: '3f0c1d2e-3b5f-4a55-9d0a-0b2e7a1c5f0e',
  use: 'sig',
  alg: 'ES256',
};

/** What verifies the tokens that we sign. */
@ApiTags('Our keys')
@Controller('.well-known/keys.json')
@Public()
export class KeysController {
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @ApiOperation({ summary: 'Our public keys, as a JWK set (RFC 7517)' })
  @Answers(problemErrorFormat, { status: 200, body: JwkSet, examples: { keys: { keys: [exampleKey] } } })
  published(): Promise<{ readonly keys: readonly object[] }> {
    return this.keys.jwks();
  }
}
