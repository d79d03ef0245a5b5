import { ApiProperty } from '@nestjs/swagger';

/** Source: RFC 6749, section 5.1. */
export class TokenAnswer {
  @ApiProperty()
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: 'Bearer';

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Seconds.' })
  expires_in: number;
}

const errors = [
  'invalid_request',
  'invalid_client',
  'unsupported_grant_type',
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
