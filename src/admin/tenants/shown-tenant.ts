import { ApiProperty } from '@nestjs/swagger';

/** A tenant as administrators see it. */
export class ShownTenant {
  @ApiProperty({ example: 'acme' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null where the built-in token endpoint serves it.' })
  issuer: string | null;

  @ApiProperty({ type: String, format: 'uri', nullable: true })
  jwksUrl: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null where tokens for any audience are taken.' })
  audience: string | null;

  @ApiProperty({ description: 'Made by the sandbox, with secrets that are public.' })
  sandbox: boolean;

  @ApiProperty()
  createdAt: Date;
}
