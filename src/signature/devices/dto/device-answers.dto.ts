import { ApiProperty } from '@nestjs/swagger';

export class EnrolledDevice {
  @ApiProperty({ example: '4711' })
  deviceId: string;
}

const deviceStates = ['ONLINE', 'OFFLINE'] as const;

/** A device as its tenant sees it. */
export class ShownDevice {
  @ApiProperty({ example: '4711' })
  deviceId: string;

  @ApiProperty({ type: String, nullable: true })
  deviceName: string | null;

  @ApiProperty()
  locked: boolean;

  @ApiProperty({
    enum: deviceStates,
    description: '`ONLINE`: it waits for transactions, or asked for them a moment ago.',
  })
  deviceState: (typeof deviceStates)[number];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'When it last asked, in seconds since 1970; null where it never has.',
  })
  lastLoginTime: string | null;
}
