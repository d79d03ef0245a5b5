import { ApiProperty } from '@nestjs/swagger';

/** A relying party as administrators see it. */
export class ShownRelyingParty {
  @ApiProperty({ example: 'acme-portal' })
  clientId: string;

  @ApiProperty()
  tenantId: string;

  @ApiProperty()
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Its public keys as a JWK set (RFC 7517); null where they are fetched from `jwksUrl`.',
  })
  jwks: object | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  jwksUrl: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  redirectUrl: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  webhookUrl: string | null;

  @ApiProperty()
  createdAt: Date;
}
