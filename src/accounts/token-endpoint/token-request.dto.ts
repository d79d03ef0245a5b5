import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

/** A client asks for an access token in its own name. Source: RFC 6749, section 4.4.2. */
export class TokenRequest {
  /** `client_credentials`. A parameter that stands twice is a list, and refused. */
  @IsString({ message: 'grant_type must stand once' })
  @ApiProperty({ name: 'grant_type', example: 'client_credentials' })
  grant_type: string;

  /** Unless the credentials are in the `Authorization` header. */
  @IsOptional()
  @IsString({ message: 'client_id must stand at most once' })
  @ApiPropertyOptional({ name: 'client_id', example: 'demo-client' })
  client_id?: string;

  @IsOptional()
  @IsString({ message: 'client_secret must stand at most once' })
  @ApiPropertyOptional({ name: 'client_secret', example: 'demo-secret' })
  client_secret?: string;
}
