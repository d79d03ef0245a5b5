import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';

export class SignToken {
  /** What the token says; `client_id`, `iat`, `exp` and `jti` are filled in where they are not given. */
  @IsObject({ message: 'claims must be an object' })
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { request_id: 'signv3-0199cc9c-8b7c-70df-b29b-39843a10c332' },
  })
  claims: Record<string, unknown>;
}

export class SignedToken {
  @ApiProperty()
  token: string;
}
