import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional } from 'class-validator';
import { Label, OptionalUrl, Slug } from '../input';

const exampleJwks = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'key-1',
      use: 'sig',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    },
  ],
};

/** Either `jwks` or `jwksUrl` says which keys the relying party signs its tokens with. */
export class CreateRelyingParty {
  /** Its name in every token it signs: unique over all tenants. */
  @Slug('acme-portal')
  clientId: string;

  @Label('Acme Portal')
  name: string;

  @IsOptional()
  @IsObject({ message: 'jwks must be a JWK set' })
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: exampleJwks })
  jwks?: object;

  @OptionalUrl('https://portal.acme.example/jwks')
  jwksUrl?: string;

  /** Where a person's browser is sent once the signing is over. */
  @OptionalUrl('https://portal.acme.example/signed')
  redirectUrl?: string;

  /** Where a signed document is announced. */
  @OptionalUrl('https://portal.acme.example/webhook')
  webhookUrl?: string;
}
