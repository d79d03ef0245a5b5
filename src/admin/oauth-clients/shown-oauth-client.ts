import { ApiProperty } from '@nestjs/swagger';

/** What is shown of an OAuth client once: when it is made. */
export class CreatedOauthClient {
  @ApiProperty({ example: 'backend' })
  clientId: string;

  @ApiProperty()
  clientSecret: string;
}

/** What may be shown of an OAuth client once it is made. */
export class ShownOauthClient {
  @ApiProperty({ example: 'backend' })
  clientId: string;

  @ApiProperty()
  createdAt: Date;
}
