import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

/** A client asks for an access token in its own name. Source: RFC 6749, section 4.4.2. */
export class TokenRequest {
  /** `client_credentials`. A parameter that is given twice is a list, and refused. */
  @IsString({ message: 'grant_type must be given once' })
  @ApiProperty({ name: 'grant_type', example: 'client_credentials' })
  grant_type: string;

  /** Unless the credentials are in the `Authorization` header. */
  @IsOptional()
  @IsString({ message: 'client_id must be given at most once' })
  @ApiPropertyOptional({ name: 'client_id', example: 'demo-client' })
  client_id?: string;

  @IsOptional()
  @IsString({ message: 'client_secret must be given at most once' })
  @ApiPropertyOptional({ name: 'client_secret', example: 'demo-secret' })
  client_secret?: string;

  /** Of those that the client is registered with; a token without any is for what every one is. */
  @IsOptional()
  @IsString({ message: 'scope must be given at most once' })
  @ApiPropertyOptional({ name: 'scope', example: 'recall' })
  scope?: string;
}

/** Source: RFC 6749, section 5.1. */
export class TokenAnswer {
  @ApiProperty()
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: 'Bearer';

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Seconds.' })
  expires_in: number;

  @ApiPropertyOptional({ example: 'recall', description: 'As it was asked for.' })
  scope?: string;
}

const errors = [
  'invalid_request',
  'invalid_client',
  'unsupported_grant_type',
  'invalid_scope',
  'temporarily_unavailable',
  'server_error',
] as const;

/** Source: RFC 6749, section 5.2. */
export class TokenError {
  @ApiProperty({ enum: errors })
  error: (typeof errors)[number];

  @ApiProperty()
  error_description: string;
}
