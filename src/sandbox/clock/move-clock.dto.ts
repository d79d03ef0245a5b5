import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

const weekSeconds = 7 * 24 * 3600;
const message = `$property must be a whole number of seconds from 0 to ${weekSeconds}`;

export class MoveClock {
  /** How far the approvals' clock is to be ahead of the real one, in seconds; 0 puts it right again. */
  @IsInt({ message })
  @Min(0, { message })
  @Max(weekSeconds, { message })
  @ApiProperty({ minimum: 0, maximum: weekSeconds, example: 0 })
  offsetSeconds: number;
}
