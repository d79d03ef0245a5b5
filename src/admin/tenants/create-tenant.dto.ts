import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { OptionalLabel, OptionalUrl, Slug } from '../input';

export class CreateTenant {
  @Slug('acme')
  id: string;

  @OptionalLabel('Acme Ltd')
  name?: string;

  /** The tenant's OpenID Connect issuer; with it goes `jwksUrl`, where that issuer's keys are. */
  @OptionalUrl('https://login.acme.example')
  issuer?: string;

  @OptionalUrl('https://login.acme.example/jwks')
  jwksUrl?: string;

  /** Only tokens of that issuer which name this in `aud` are taken. */
  @OptionalLabel('https://rescind.example')
  audience?: string;

  /** Needed with an issuer without `audience`: every token it signs is taken, those for other applications too. */
  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ default: false, example: false })
  allowAnyAudience?: boolean;
}
