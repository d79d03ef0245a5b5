import { ApiProperty } from '@nestjs/swagger';

/** What is shown of a tenant token once: when it is made. */
export class CreatedTenantToken {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  token: string;
}

/** What may be shown of a tenant token once it is made. */
export class ShownTenantToken {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  createdAt: Date;
}
