import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';

const decisions = ['OK', 'CANCEL'] as const;

/** What a demo user decides. */
export class PlayDecision {
  @IsString({ message: '$property must be a string' })
  @Length(1, 256, { message: '$property must have 1 to 256 characters' })
  @ApiProperty({ example: 'demo' })
  transactionId: string;

  @IsIn(decisions, { message: 'decision must be OK or CANCEL' })
  @ApiProperty({ enum: decisions, example: 'OK' })
  decision: (typeof decisions)[number];
}
