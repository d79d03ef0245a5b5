import { ApiProperty } from '@nestjs/swagger';

/** A user as administrators see it. */
export class ShownUser {
  @ApiProperty()
  tenantId: string;

  @ApiProperty({ example: 'alice@acme.example' })
  userId: string;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  @ApiProperty()
  createdAt: Date;
}
