import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

const weekSeconds = 7 * 24 * 3600;

export class MoveClock {
  /** How far the approvals' clock is to be ahead of the real one, in seconds; 0 puts it right again. */
  @IsInt()
  @Min(0)
  @Max(weekSeconds)
  @ApiProperty({ minimum: 0, maximum: weekSeconds, example: 0 })
  offsetSeconds: number;
}
